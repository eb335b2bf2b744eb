-- The tables that operators look at, as after two busy months. Shops and people have ids from 100,001 on.
-- `admin_world.py` has made the functions many(), source(), moment(n), key(at, seed) and address(shop, place).

INSERT INTO accounts_selleraccount (id, public_id, name, plan, language, time_zone, region, created_at)
SELECT n, 'WORLD' || lpad(n::text, 8, '0'), '器の店 ' || n,
    CASE n % 3 WHEN 0 THEN 'individual' ELSE 'professional' END,
    CASE n % 4 WHEN 0 THEN 'en' ELSE 'ja' END, 'Asia/Tokyo', (ARRAY['jp', 'na', 'eu', 'fe'])[n % 4 + 1], now()
FROM generate_series(100001, 120000) AS n;

INSERT INTO accounts_user (id, password, is_superuser, email, name, language, time_zone, is_active, is_staff,
    date_joined)
SELECT n, '!', false, 'primary' || n || '@world.example', '花子 ' || n, 'ja', 'Asia/Tokyo', true, false, now()
FROM generate_series(100001, 120000) AS n;

INSERT INTO account_emailaddress (email, verified, "primary", user_id)
SELECT email, true, true, id FROM accounts_user WHERE id > 100000;

INSERT INTO accounts_membership (public_id, account_id, user_id, role, edits_notifications, joined_at)
SELECT gen_random_uuid(), n, n, 'primary', true, now() FROM generate_series(100001, 120000) AS n;

INSERT INTO accounts_invitation (public_id, account_id, email, token_hash, edits_notifications, created_at,
    expires_at)
SELECT gen_random_uuid(), n, 'guest' || n || '@world.example', md5(n::text), false, now(), now()
FROM generate_series(100001, 120000) AS n;

INSERT INTO notifications_address (id, account_id, email, state, state_since, language, added_at, trusted_since,
    confirmation_tries, confirmation_answer, failure, failure_answer)
SELECT pg_temp.address(n, place), n,
    'to' || n || '-' || place || '@' || (ARRAY['world.example', 'docomo.ne.jp', 'gmail.com'])[n % 3 + 1],
    CASE WHEN n % 20 = 0 THEN 'failing' ELSE 'active' END, now(), '', now(), now(), 0, '',
    CASE WHEN n % 20 = 0 THEN 'mailbox_full' ELSE '' END, ''
FROM generate_series(100001, 120000) AS n, generate_series(0, 2) AS place;

INSERT INTO notifications_preference (account_id, type, email, line, version, changed_at)
SELECT n, type, true, null, 1, now()
FROM generate_series(100001, 120000) AS n,
    unnest(ARRAY['order_confirmed', 'return_requested', 'claim_opened']) AS type;

INSERT INTO notifications_emergencycontact (account_id, phone, confirmed_at, changed_at)
SELECT n, '+81901234' || lpad((n % 10000)::text, 4, '0'), now(), now()
FROM generate_series(100001, 120000) AS n;

INSERT INTO notifications_lineuser (user_id, name, picture_url, language)
SELECT 'U' || lpad(n::text, 32, '0'), '花子', '', 'ja' FROM generate_series(100001, 120000) AS n;

INSERT INTO notifications_linelink (id, account_id, line_user_id, way, state, state_since, linked_at, end_reason,
    refresh_token)
SELECT md5('link' || n)::uuid, n, 'U' || lpad(n::text, 32, '0'), 'chat', 'live', now(), now(), '', ''
FROM generate_series(100001, 120000) AS n;

INSERT INTO notifications_source (id, public_id, name, kind, active, created_at, account_id)
SELECT n, gen_random_uuid(), 'Cart ' || n, 'cart', true, now(), n
FROM generate_series(100001, 102000) AS n;

INSERT INTO notifications_sourcekey (id, source_id, hash, hint, created_at, last_used_at)
SELECT gen_random_uuid(), id, md5(name), 'shk_abcd', now(), now() FROM notifications_source WHERE id > 100000;

INSERT INTO notifications_notification (id, account_id, source_id, event_id, type, occurred_at, accepted_at,
    data, "references", withheld)
SELECT pg_temp.key(pg_temp.moment(n), n::text), 100001 + (n * 7) % 20000, pg_temp.source(), 'world-' || n,
    CASE WHEN n % 100000 = 0 THEN 'emergency_notice' ELSE
        (ARRAY['order_confirmed', 'return_requested', 'account_at_risk', 'listing_closed'])[n % 4 + 1] END,
    pg_temp.moment(n), pg_temp.moment(n), sample.data, '250-' || n,
    CASE WHEN n % 50 = 0 THEN 'switched_off' ELSE '' END
FROM generate_series(1, pg_temp.many()) AS n, (SELECT data FROM notifications_notification LIMIT 1) AS sample;

INSERT INTO notifications_delivery (id, notification_id, channel, address_id, link_id, recipient, language,
    priority, status, due_at, tries, created_at, completed_at, answer, cause)
SELECT pg_temp.key(pg_temp.moment(n), n || '-' || place), pg_temp.key(pg_temp.moment(n), n::text),
    CASE WHEN place = 1 AND n % 4 = 2 THEN 'line' ELSE 'email' END,
    CASE WHEN place = 1 AND n % 4 = 2 THEN null
        ELSE pg_temp.address((100001 + (n * 7) % 20000), place) END,
    CASE WHEN place = 1 AND n % 4 = 2 THEN md5('link' || (100001 + (n * 7) % 20000))::uuid END,
    'to' || n || '-' || place, 'ja', n % 3, status, pg_temp.moment(n), 0,
    pg_temp.moment(n), pg_temp.moment(n), '250 2.0.0 Ok',
    CASE WHEN status IN ('failed', 'bounced', 'held') THEN
        (ARRAY['mailbox_full', 'unknown_user', 'expired', ''])[n % 4 + 1] ELSE '' END
FROM generate_series(1, pg_temp.many()) AS n, generate_series(0, 1) AS place,
    LATERAL (SELECT CASE (n * 2 + place) % 400 WHEN 1 THEN 'failed' WHEN 2 THEN 'failed' WHEN 3 THEN 'bounced'
        WHEN 4 THEN 'held' WHEN 5 THEN 'held' WHEN 6 THEN 'cancelled' WHEN 7 THEN 'queued' ELSE 'sent' END
        AS status) AS ended;

INSERT INTO notifications_skippedroute (notification_id, channel, recipient, reason, detail)
SELECT pg_temp.key(pg_temp.moment(n), n::text), 'line', '', 'line_not_linked', '{}'
FROM generate_series(1, pg_temp.many()) AS n;

INSERT INTO notifications_attempt (delivery_id, at, permanent, code, detail)
SELECT id, created_at, status = 'failed', 451, '4.7.1 Try again later' FROM notifications_delivery
WHERE status IN ('failed', 'bounced', 'held') OR id::text LIKE '%00';

INSERT INTO notifications_mailreport (id, key, way, kind, delivery_id, address_id, recipient, sent_at,
    received_at, permanent, reason, status, text, is_judged)
SELECT pg_temp.key(created_at, id::text), id::text, 'postmark',
    CASE status WHEN 'bounced' THEN 'bounce' ELSE 'delivered' END, id, address_id, recipient, created_at,
    created_at, status = 'bounced', cause, '', answer, true
FROM notifications_delivery WHERE channel = 'email' AND address_id IS NOT NULL AND md5(id::text) < '4';

INSERT INTO notifications_lineevent (id, type, user_id, at, payload, received_at, tries, outcome)
SELECT 'EVENT' || n, (ARRAY['follow', 'message', 'postback'])[n % 3 + 1], 'U' || n, pg_temp.moment(n), '{}',
    pg_temp.moment(n), 0, 'done'
FROM generate_series(1, pg_temp.many()) AS n WHERE n % 3 = 0;

INSERT INTO notifications_returnedmail (id, delivery_id, sent_at, digest, raw, received_at, tries, outcome)
SELECT pg_temp.key(pg_temp.moment(n), n::text), gen_random_uuid(), pg_temp.moment(n), md5(n::text), 'raw',
    pg_temp.moment(n), 0, 'bounce'
FROM generate_series(1, pg_temp.many()) AS n WHERE n % 10 = 0;

INSERT INTO notifications_sourcemessage (id, source_id, message_id, type, way, raw, content_type, received_at,
    state, reason, detail, accepted, repeated, refused, tries, completed_at)
SELECT pg_temp.key(pg_temp.moment(n), n::text), pg_temp.source(), 'message-' || n, 'ORDER_CHANGE', 'http',
    null, '', pg_temp.moment(n),
    CASE WHEN n % 100 = 0 THEN 'parked' ELSE 'read' END,
    CASE WHEN n % 100 = 0 THEN 'unknown_seller' ELSE '' END,
    '', 1, 0, 0, 1, pg_temp.moment(n)
FROM generate_series(1, pg_temp.many()) AS n WHERE n % 2 = 0;

INSERT INTO accounts_operatoraction (id, account_id, operator_name, act, detail, at)
SELECT pg_temp.key(pg_temp.moment(n), n::text), 100001 + (n * 7) % 20000, 'Omar', 'delivery.requeued', '{}',
    pg_temp.moment(n)
FROM generate_series(1, pg_temp.many()) AS n WHERE n % 10 = 0;

INSERT INTO accounts_historyentry (account_id, actor_name, action, detail, at)
SELECT 100001 + (n * 7) % 20000, '花子', 'address.failing', '{}', pg_temp.moment(n)
FROM generate_series(1, pg_temp.many()) AS n WHERE n % 4 = 0;
