using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIHigress.Gateway.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class AddStoredResponses : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "responses",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    api_key_id = table.Column<Guid>(type: "uuid", nullable: false),
                    provider_id = table.Column<string>(type: "text", nullable: true),
                    provider_key_id = table.Column<Guid>(type: "uuid", nullable: true),
                    is_native = table.Column<bool>(type: "boolean", nullable: false),
                    model = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "character varying(30)", maxLength: 30, nullable: false),
                    is_background = table.Column<bool>(type: "boolean", nullable: false),
                    input = table.Column<byte[]>(type: "bytea", nullable: false),
                    output = table.Column<byte[]>(type: "bytea", nullable: false),
                    body = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    owner = table.Column<string>(type: "text", nullable: true),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    events_complete = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_responses", x => new { x.user_id, x.id });
                    table.ForeignKey(
                        name: "FK_responses_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "response_events",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    response_id = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    first = table.Column<long>(type: "bigint", nullable: false),
                    last = table.Column<long>(type: "bigint", nullable: false),
                    events = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_response_events", x => new { x.user_id, x.response_id, x.first });
                    table.ForeignKey(
                        name: "FK_response_events_responses_user_id_response_id",
                        columns: x => new { x.user_id, x.response_id },
                        principalTable: "responses",
                        principalColumns: new[] { "user_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_responses_expires_at",
                table: "responses",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "IX_responses_lease_until",
                table: "responses",
                column: "lease_until",
                filter: "lease_until IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "response_events");

            migrationBuilder.DropTable(
                name: "responses");
        }
    }
}
