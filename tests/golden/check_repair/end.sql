UPDATE coupons SET percent = least(percent, 100) WHERE NOT percent BETWEEN 0 AND 100;
ALTER TABLE coupons ADD CHECK (percent BETWEEN 0 AND 100);
ALTER TABLE coupons ADD CONSTRAINT coupons_label_not_empty CHECK (label <> '');
ALTER TABLE coupons ADD CHECK (found >= 0);
