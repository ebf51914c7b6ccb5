using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIHigress.Gateway.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class AddProxies : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "proxy",
                table: "providers",
                type: "character varying(36)",
                maxLength: 36,
                nullable: false,
                defaultValue: "default");

            migrationBuilder.AddColumn<bool>(
                name: "proxy_required",
                table: "providers",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "proxy_config",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    strategy = table.Column<string>(type: "character varying(30)", maxLength: 30, nullable: false),
                    check_url = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    check_method = table.Column<string>(type: "character varying(4)", maxLength: 4, nullable: false),
                    timeout_ms = table.Column<int>(type: "integer", nullable: false),
                    interval_seconds = table.Column<int>(type: "integer", nullable: false),
                    failure_cooldown_seconds = table.Column<int>(type: "integer", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_proxy_config", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "proxy_sources",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    kind = table.Column<string>(type: "character varying(30)", maxLength: 30, nullable: false),
                    url = table.Column<string>(type: "text", nullable: true),
                    headers = table.Column<string>(type: "text", nullable: true),
                    scheme = table.Column<string>(type: "character varying(30)", maxLength: 30, nullable: false),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    interval_seconds = table.Column<int>(type: "integer", nullable: false),
                    refresh_due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_refresh_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_refresh_error = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_proxy_sources", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "proxies",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    scheme = table.Column<string>(type: "character varying(30)", maxLength: 30, nullable: false),
                    host = table.Column<string>(type: "character varying(253)", maxLength: 253, nullable: false),
                    port = table.Column<int>(type: "integer", nullable: false),
                    username = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    password = table.Column<string>(type: "text", nullable: true),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    source_id = table.Column<Guid>(type: "uuid", nullable: true),
                    last_check_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_check_ms = table.Column<int>(type: "integer", nullable: true),
                    last_check_ok = table.Column<bool>(type: "boolean", nullable: true),
                    last_check_error = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    check_due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    failures = table.Column<int>(type: "integer", nullable: false),
                    cooldown_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_proxies", x => x.id);
                    table.ForeignKey(
                        name: "FK_proxies_proxy_sources_source_id",
                        column: x => x.source_id,
                        principalTable: "proxy_sources",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_proxies_check_due_at",
                table: "proxies",
                column: "check_due_at");

            migrationBuilder.CreateIndex(
                name: "IX_proxies_scheme_host_port_username",
                table: "proxies",
                columns: new[] { "scheme", "host", "port", "username" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_proxies_source_id",
                table: "proxies",
                column: "source_id");

            migrationBuilder.CreateIndex(
                name: "IX_proxy_sources_name",
                table: "proxy_sources",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_proxy_sources_refresh_due_at",
                table: "proxy_sources",
                column: "refresh_due_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "proxies");

            migrationBuilder.DropTable(
                name: "proxy_config");

            migrationBuilder.DropTable(
                name: "proxy_sources");

            migrationBuilder.DropColumn(
                name: "proxy",
                table: "providers");

            migrationBuilder.DropColumn(
                name: "proxy_required",
                table: "providers");
        }
    }
}
