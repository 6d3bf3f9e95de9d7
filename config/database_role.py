"""The role under which web and worker use PostgreSQL: it reads and writes rows and owns nothing. Tables, triggers and rights belong to the
owner, as whom only `prepare` may enter."""

from psycopg import sql

APPEND_ONLY = ("ledger_record", "ledger_seal", "ledger_sealentry")
READ_ONLY = ("django_migrations",)


def give_rights(connection, *, role: str, password: str = "") -> None:
    """Makes the role, or gives it this password (none: it enters by certificate alone), and exactly these rights on what stands in the
    database now. In one transaction."""
    name, owner = sql.Identifier(role), connection.settings_dict["USER"]
    if role == owner:
        raise ValueError("The role of web and worker cannot be the owner of the database.")
    connection.ensure_connection()
    # As the server stores it, so that no log of statements holds the password.
    encrypt = connection.connection.pgconn.encrypt_password
    scram = sql.Literal(encrypt(password.encode(), role.encode(), b"scram-sha-256").decode()) if password else sql.SQL("NULL")
    tables = [sql.SQL(", ").join(map(sql.Identifier, names)) for names in (APPEND_ONLY, READ_ONLY)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        verb = sql.SQL("ALTER" if cursor.fetchone() else "CREATE")
        options = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD"
        statements = [
            sql.SQL("{} ROLE {} {} {}").format(verb, name, sql.SQL(options), scram),
            sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC, {}").format(name),
            sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(name),
            sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name),
            sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(name),
            sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(name),
            sql.SQL("REVOKE UPDATE, DELETE ON {} FROM {}").format(tables[0], name),
            sql.SQL("REVOKE INSERT, UPDATE, DELETE ON {} FROM {}").format(tables[1], name),
        ]
        for statement in statements:
            cursor.execute(statement.as_string(connection.connection), None)
