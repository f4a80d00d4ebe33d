ALTER TABLE parcels RENAME COLUMN id TO parcel_id;
ALTER TABLE parcels RENAME COLUMN tracking TO tracking_number;
