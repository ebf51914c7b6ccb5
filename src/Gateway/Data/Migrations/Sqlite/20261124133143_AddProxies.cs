using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIHigress.Gateway.Data.Migrations.Sqlite
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
                type: "TEXT",
                maxLength: 36,
                nullable: false,
                defaultValue: "default");

            migrationBuilder.AddColumn<bool>(
                name: "proxy_required",
                table: "providers",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "proxy_config",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false),
                    enabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    strategy = table.Column<string>(type: "TEXT", maxLength: 30, nullable: false),
                    check_url = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    check_method = table.Column<string>(type: "TEXT", maxLength: 4, nullable: false),
                    timeout_ms = table.Column<int>(type: "INTEGER", nullable: false),
                    interval_seconds = table.Column<int>(type: "INTEGER", nullable: false),
                    failure_cooldown_seconds = table.Column<int>(type: "INTEGER", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    updated_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_proxy_config", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "proxy_sources",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 30, nullable: false),
                    url = table.Column<string>(type: "TEXT", nullable: true),
                    headers = table.Column<string>(type: "TEXT", nullable: true),
                    scheme = table.Column<string>(type: "TEXT", maxLength: 30, nullable: false),
                    enabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    interval_seconds = table.Column<int>(type: "INTEGER", nullable: false),
                    refresh_due_at = table.Column<long>(type: "INTEGER", nullable: false),
                    last_refresh_at = table.Column<long>(type: "INTEGER", nullable: true),
                    last_refresh_error = table.Column<string>(type: "TEXT", maxLength: 300, nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    updated_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_proxy_sources", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "proxies",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    scheme = table.Column<string>(type: "TEXT", maxLength: 30, nullable: false),
                    host = table.Column<string>(type: "TEXT", maxLength: 253, nullable: false),
                    port = table.Column<int>(type: "INTEGER", nullable: false),
                    username = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    password = table.Column<string>(type: "TEXT", nullable: true),
                    enabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    source_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    last_check_at = table.Column<long>(type: "INTEGER", nullable: true),
                    last_check_ms = table.Column<int>(type: "INTEGER", nullable: true),
                    last_check_ok = table.Column<bool>(type: "INTEGER", nullable: true),
                    last_check_error = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    check_due_at = table.Column<long>(type: "INTEGER", nullable: false),
                    failures = table.Column<int>(type: "INTEGER", nullable: false),
                    cooldown_until = table.Column<long>(type: "INTEGER", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    updated_at = table.Column<long>(type: "INTEGER", nullable: false)
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
