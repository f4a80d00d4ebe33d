\set users 400
\ir ../../../examples/shop/data.sql
