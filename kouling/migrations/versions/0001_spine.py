"""The spine: every room's first tables, and the triggers that keep the ledger's rules."""

import sqlalchemy as sa
from alembic import op

from kouling.db import Serial, Time
from kouling.migrations.triggers import append_only, ledger_triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _eventlog()
    _mint()
    _gate_items()
    _gate_decisions()
    _deliver()
    _redeem()
    _accounts()
    _ledger()
    for table in ("event", "entry", "posting"):
        append_only(table)
    ledger_triggers()


def downgrade() -> None:
    raise RuntimeError("the first migration is not taken back; drop the database")


def _eventlog() -> None:
    op.create_table(
        "event",
        sa.Column("seq", Serial, nullable=False),
        sa.Column("at", Time(), nullable=False),
        sa.Column("verb", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=512), nullable=False),
        sa.Column("request_sha256", sa.String(length=64), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event")),
        sa.UniqueConstraint("verb", "key", name=op.f("uq_event_verb_key")),
    )


def _mint() -> None:
    op.create_table(
        "code_key",
        sa.Column("no", Serial, nullable=False),
        sa.Column("issuer", sa.String(length=128), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("mints_from", Time(), nullable=False),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_code_key")),
        sa.UniqueConstraint("issuer", "secret", name=op.f("uq_code_key_issuer_secret")),
    )
    op.create_table(
        "offer",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("merchant", sa.String(length=128), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("url", sa.String(length=2048), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("rate_bps", sa.Integer(), nullable=False),
        sa.CheckConstraint("price > 0", name=op.f("ck_offer_price")),
        sa.CheckConstraint("rate_bps BETWEEN 0 AND 10000", name=op.f("ck_offer_rate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
    )
    op.create_table(
        "merchant_host",
        sa.Column("merchant", sa.String(length=128), nullable=False),
        sa.Column("host", sa.String(length=253), nullable=False),
        sa.PrimaryKeyConstraint("merchant", "host", name=op.f("pk_merchant_host")),
    )
    op.create_table(
        "share_code",
        sa.Column("id", Serial, nullable=False),
        sa.Column("code", sa.String(length=11), nullable=True),
        sa.Column("issuer", sa.String(length=128), nullable=False),
        sa.Column("offer", sa.String(length=128), nullable=False),
        sa.Column("sharer", sa.String(length=128), nullable=False),
        sa.Column("campaign", sa.String(length=128), nullable=False),
        sa.Column("minted_at", Time(), nullable=False),
        sa.Column("expires_at", Time(), nullable=False),
        sa.Column("uses_max", sa.BigInteger(), nullable=True),
        sa.Column("uses", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("parent", sa.String(length=11), nullable=True),
        sa.Column("revoked_at", Time(), nullable=True),
        sa.CheckConstraint(
            "uses >= 0 AND (uses_max IS NULL OR uses <= uses_max)", name=op.f("ck_share_code_uses")
        ),
        sa.ForeignKeyConstraint(["offer"], ["offer.id"], name=op.f("fk_share_code_offer")),
        sa.ForeignKeyConstraint(["parent"], ["share_code.code"], name=op.f("fk_share_code_parent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_code")),
        sa.UniqueConstraint("code", name=op.f("uq_share_code_code")),
        sa.UniqueConstraint(
            "sharer", "offer", "campaign", name=op.f("uq_share_code_sharer_offer_campaign")
        ),
    )


def _gate_items() -> None:
    op.create_table(
        "item",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("author", sa.String(length=128), nullable=False),
        sa.Column("surface", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("to", sa.String(length=128), nullable=True),
        sa.Column("group", sa.String(length=128), nullable=True),
        sa.Column("under", sa.String(length=128), nullable=True),
        sa.Column("narrowed", sa.Boolean(), nullable=False),
        sa.Column("posted_at", Time(), nullable=False),
        sa.ForeignKeyConstraint(["under"], ["item.id"], name=op.f("fk_item_under")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
    )
    op.create_index(op.f("ix_item_author"), "item", ["author"])
    op.create_index(op.f("ix_item_group"), "item", ["group"])
    op.create_index("ix_item_surface_posted_at_id", "item", ["surface", "posted_at", "id"])
    op.create_index(op.f("ix_item_to"), "item", ["to"])
    op.create_index(op.f("ix_item_under"), "item", ["under"])
    op.create_table(
        "audience",
        sa.Column("item", sa.String(length=128), nullable=False),
        sa.Column("user", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_audience_item")),
        sa.PrimaryKeyConstraint("item", "user", name=op.f("pk_audience")),
    )
    op.create_table(
        "picture",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_picture")),
    )
    op.create_table(
        "item_picture",
        sa.Column("item", sa.String(length=128), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("picture", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_item_picture_item")),
        sa.ForeignKeyConstraint(
            ["picture"], ["picture.sha256"], name=op.f("fk_item_picture_picture")
        ),
        sa.PrimaryKeyConstraint("item", "place", name=op.f("pk_item_picture")),
    )
    op.create_table(
        "item_code",
        sa.Column("item", sa.String(length=128), nullable=False),
        sa.Column("code", sa.String(length=11), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_item_code_item")),
        sa.PrimaryKeyConstraint("item", "code", name=op.f("pk_item_code")),
    )
    op.create_index(op.f("ix_item_code_code"), "item_code", ["code"])


def _gate_decisions() -> None:
    op.create_table(
        "decision",
        sa.Column("item", sa.String(length=128), nullable=False),
        sa.Column("visibility", sa.String(length=8), nullable=False),
        sa.Column("policy_version", sa.String(length=160), nullable=False),
        sa.Column("decided_at", Time(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "visibility IN ('allow', 'limit', 'drop')", name=op.f("ck_decision_visibility")
        ),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_decision_item")),
        sa.PrimaryKeyConstraint("item", name=op.f("pk_decision")),
    )
    op.create_table(
        "policy",
        sa.Column("version", sa.String(length=160), nullable=False),
        sa.Column("effective_at", Time(), nullable=False),
        sa.Column("activated_at", Time(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_policy")),
    )
    op.create_table(
        "ban",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("value", sa.String(length=2048), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("banned_at", Time(), nullable=False),
        sa.Column("until", Time(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "value", name=op.f("pk_ban")),
    )

    op.create_table(
        "text_band",
        sa.Column("band", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_text_band_item")),
        sa.PrimaryKeyConstraint("band", "item", name=op.f("pk_text_band")),
    )


def _deliver() -> None:
    op.create_table(
        "friendship",
        sa.Column("user", sa.String(length=128), nullable=False),
        sa.Column("friend", sa.String(length=128), nullable=False),
        sa.Column("at", Time(), nullable=False),
        sa.PrimaryKeyConstraint("user", "friend", name=op.f("pk_friendship")),
    )
    op.create_index(op.f("ix_friendship_at"), "friendship", ["at"])
    op.create_table(
        "follow",
        sa.Column("follower", sa.String(length=128), nullable=False),
        sa.Column("followee", sa.String(length=128), nullable=False),
        sa.Column("at", Time(), nullable=False),
        sa.PrimaryKeyConstraint("follower", "followee", name=op.f("pk_follow")),
    )
    op.create_index(op.f("ix_follow_at"), "follow", ["at"])
    op.create_table(
        "membership",
        sa.Column("user", sa.String(length=128), nullable=False),
        sa.Column("group", sa.String(length=128), nullable=False),
        sa.Column("at", Time(), nullable=False),
        sa.PrimaryKeyConstraint("user", "group", name=op.f("pk_membership")),
    )
    op.create_index(op.f("ix_membership_at"), "membership", ["at"])
    op.create_table(
        "like",
        sa.Column("user", sa.String(length=128), nullable=False),
        sa.Column("item", sa.String(length=128), nullable=False),
        sa.Column("at", Time(), nullable=False),
        sa.PrimaryKeyConstraint("user", "item", name=op.f("pk_like")),
    )
    op.create_index(op.f("ix_like_at"), "like", ["at"])
    op.create_table(
        "impression",
        sa.Column("viewer", sa.String(length=128), nullable=False),
        sa.Column("item", sa.String(length=128), nullable=False),
        sa.Column("first_at", Time(), nullable=False),
        sa.Column("last_at", Time(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_impression_item")),
        sa.PrimaryKeyConstraint("viewer", "item", name=op.f("pk_impression")),
    )
    op.create_index(op.f("ix_impression_first_at"), "impression", ["first_at"])


def _redeem() -> None:
    op.create_table(
        "redemption",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=11), nullable=False),
        sa.Column("offer", sa.String(length=128), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("sharer", sa.String(length=128), nullable=False),
        sa.Column("buyer", sa.String(length=128), nullable=False),
        sa.Column("redeemed_at", Time(), nullable=False),
        sa.Column("item", sa.String(length=128), nullable=True),
        sa.Column("traced_by", sa.String(length=16), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["share_code.code"], name=op.f("fk_redemption_code")),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_redemption_item")),
        sa.ForeignKeyConstraint(["offer"], ["offer.id"], name=op.f("fk_redemption_offer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemption")),
    )
    op.create_index(
        "ix_redemption_buyer_offer_redeemed_at", "redemption", ["buyer", "offer", "redeemed_at"]
    )
    op.create_index(op.f("ix_redemption_item"), "redemption", ["item"])
    op.create_index(op.f("ix_redemption_redeemed_at"), "redemption", ["redeemed_at"])


def _accounts() -> None:
    op.create_table(
        "account",
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("owner", sa.String(length=128), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("pending_debit", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("pending_credit", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("posted_debit", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("posted_credit", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("pending_credit >= 0", name=op.f("ck_account_pending_credit")),
        sa.CheckConstraint("pending_debit >= 0", name=op.f("ck_account_pending_debit")),
        sa.CheckConstraint("posted_credit >= 0", name=op.f("ck_account_posted_credit")),
        sa.CheckConstraint("posted_debit >= 0", name=op.f("ck_account_posted_debit")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_account")),
        sa.UniqueConstraint("name", "currency", name=op.f("uq_account_name_currency")),
    )
    op.create_table(
        "conversion",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("buyer", sa.String(length=128), nullable=False),
        sa.Column("offer", sa.String(length=128), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("refunded", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("converted_at", Time(), nullable=False),
        sa.Column("redemption", sa.String(length=32), nullable=True),
        sa.Column("merchant", sa.String(length=128), nullable=False),
        sa.Column("sharer", sa.String(length=128), nullable=True),
        sa.Column("rate_bps", sa.Integer(), nullable=False),
        sa.Column("platform_bps", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_conversion_amount")),
        sa.CheckConstraint("refunded BETWEEN 0 AND amount", name=op.f("ck_conversion_refunded")),
        sa.ForeignKeyConstraint(["offer"], ["offer.id"], name=op.f("fk_conversion_offer")),
        sa.ForeignKeyConstraint(
            ["redemption"], ["redemption.id"], name=op.f("fk_conversion_redemption")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversion")),
    )
    op.create_index(op.f("ix_conversion_converted_at"), "conversion", ["converted_at"])


def _ledger() -> None:
    op.create_table(
        "entry",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("conversion", sa.String(length=128), nullable=False),
        sa.Column("refers", sa.BigInteger(), nullable=True),
        sa.Column("memo", sa.Text(), nullable=False),
        sa.Column("entered_at", Time(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("(kind = 'pending') = (refers IS NULL)", name=op.f("ck_entry_refers")),
        sa.CheckConstraint(
            "kind IN ('pending', 'posted', 'voided', 'reversal')", name=op.f("ck_entry_kind")
        ),
        sa.ForeignKeyConstraint(
            ["conversion"], ["conversion.id"], name=op.f("fk_entry_conversion")
        ),
        sa.ForeignKeyConstraint(["refers"], ["entry.id"], name=op.f("fk_entry_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_entry_hash")),
        sa.UniqueConstraint("previous", name=op.f("uq_entry_previous")),
    )
    op.create_index(op.f("ix_entry_conversion"), "entry", ["conversion"])
    op.create_index(op.f("ix_entry_entered_at"), "entry", ["entered_at"])
    op.create_index(
        "uq_entry_settled_once",
        "entry",
        ["refers"],
        unique=True,
        sqlite_where=sa.text("kind IN ('posted', 'voided')"),
        postgresql_where=sa.text("kind IN ('posted', 'voided')"),
    )
    op.create_table(
        "posting",
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("leg", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("debit", sa.String(length=160), nullable=False),
        sa.Column("credit", sa.String(length=160), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_posting_amount")),
        sa.CheckConstraint("debit <> credit", name=op.f("ck_posting_two_accounts")),
        sa.ForeignKeyConstraint(
            ["credit", "currency"], ["account.name", "account.currency"], name="fk_posting_credit"
        ),
        sa.ForeignKeyConstraint(
            ["debit", "currency"], ["account.name", "account.currency"], name="fk_posting_debit"
        ),
        sa.ForeignKeyConstraint(["entry"], ["entry.id"], name=op.f("fk_posting_entry")),
        sa.PrimaryKeyConstraint("entry", "leg", name=op.f("pk_posting")),
    )
