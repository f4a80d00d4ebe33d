INSERT INTO carts SELECT n, 'DEM', timestamptz '2024-01-01Z', NULL FROM generate_series(1, 100) n;
