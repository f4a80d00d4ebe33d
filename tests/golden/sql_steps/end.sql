create function slug(title text) returns text
    language sql immutable as $$select lower(replace(title, ' ', '-'))$$;
create table slugs (article_id bigint primary key, slug text not null);
insert into slugs select id, slug(title) from articles where title is not null;
create index articles_title on articles (title);
drop view old_titles;
drop index articles_views;
insert into settings values ('slugs', 'on');
