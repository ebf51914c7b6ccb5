using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIHigress.Gateway.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class AddProviderHealth : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "probe_auto_pause",
                table: "providers",
                type: "INTEGER",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<bool>(
                name: "probe_enabled",
                table: "providers",
                type: "INTEGER",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<int>(
                name: "probe_interval_seconds",
                table: "providers",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "probe_model",
                table: "providers",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "probe_prompt",
                table: "providers",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "leases",
                columns: table => new
                {
                    name = table.Column<string>(type: "TEXT", maxLength: 50, nullable: false),
                    holder = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    term = table.Column<long>(type: "INTEGER", nullable: false),
                    renewed_at = table.Column<long>(type: "INTEGER", nullable: false),
                    progress = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_leases", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "provider_events",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    provider_id = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 30, nullable: false),
                    from = table.Column<string>(type: "TEXT", maxLength: 30, nullable: false),
                    to = table.Column<string>(type: "TEXT", maxLength: 30, nullable: false),
                    reason = table.Column<string>(type: "TEXT", maxLength: 30, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_provider_events", x => x.id);
                    table.ForeignKey(
                        name: "FK_provider_events_providers_provider_id",
                        column: x => x.provider_id,
                        principalTable: "providers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "provider_health",
                columns: table => new
                {
                    provider_id = table.Column<string>(type: "TEXT", maxLength: 50, nullable: false),
                    health = table.Column<string>(type: "TEXT", maxLength: 30, nullable: false),
                    reason = table.Column<string>(type: "TEXT", maxLength: 30, nullable: true),
                    since = table.Column<long>(type: "INTEGER", nullable: false),
                    probe_due_at = table.Column<long>(type: "INTEGER", nullable: false),
                    last_probe_at = table.Column<long>(type: "INTEGER", nullable: true),
                    last_probe_ok = table.Column<bool>(type: "INTEGER", nullable: true),
                    last_probe_error = table.Column<string>(type: "TEXT", nullable: true),
                    last_traffic_at = table.Column<long>(type: "INTEGER", nullable: true),
                    failed_in_row = table.Column<int>(type: "INTEGER", nullable: false),
                    good_in_row = table.Column<int>(type: "INTEGER", nullable: false),
                    unprobeable = table.Column<bool>(type: "INTEGER", nullable: false),
                    backoff = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_provider_health", x => x.provider_id);
                    table.ForeignKey(
                        name: "FK_provider_health_providers_provider_id",
                        column: x => x.provider_id,
                        principalTable: "providers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "provider_probes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    provider_id = table.Column<string>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    outcome = table.Column<string>(type: "TEXT", maxLength: 30, nullable: false),
                    model = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    ms = table.Column<int>(type: "INTEGER", nullable: false),
                    status = table.Column<int>(type: "INTEGER", nullable: true),
                    error = table.Column<string>(type: "TEXT", nullable: true),
                    input_tokens = table.Column<long>(type: "INTEGER", nullable: false),
                    output_tokens = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_provider_probes", x => x.id);
                    table.ForeignKey(
                        name: "FK_provider_probes_providers_provider_id",
                        column: x => x.provider_id,
                        principalTable: "providers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "provider_traffic",
                columns: table => new
                {
                    provider_id = table.Column<string>(type: "TEXT", maxLength: 50, nullable: false),
                    minute = table.Column<long>(type: "INTEGER", nullable: false),
                    replica = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    answered = table.Column<int>(type: "INTEGER", nullable: false),
                    failed = table.Column<int>(type: "INTEGER", nullable: false),
                    ttft = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_provider_traffic", x => new { x.provider_id, x.minute, x.replica });
                });

            migrationBuilder.CreateTable(
                name: "provider_ttft_hours",
                columns: table => new
                {
                    provider_id = table.Column<string>(type: "TEXT", maxLength: 50, nullable: false),
                    hour = table.Column<long>(type: "INTEGER", nullable: false),
                    counts = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_provider_ttft_hours", x => new { x.provider_id, x.hour });
                });

            migrationBuilder.CreateTable(
                name: "provider_uptime",
                columns: table => new
                {
                    provider_id = table.Column<string>(type: "TEXT", nullable: false),
                    day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    up = table.Column<int>(type: "INTEGER", nullable: false),
                    degraded = table.Column<int>(type: "INTEGER", nullable: false),
                    down = table.Column<int>(type: "INTEGER", nullable: false),
                    unseen = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_provider_uptime", x => new { x.provider_id, x.day });
                    table.ForeignKey(
                        name: "FK_provider_uptime_providers_provider_id",
                        column: x => x.provider_id,
                        principalTable: "providers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_provider_events_provider_id_created_at",
                table: "provider_events",
                columns: new[] { "provider_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "IX_provider_health_probe_due_at",
                table: "provider_health",
                column: "probe_due_at");

            migrationBuilder.CreateIndex(
                name: "IX_provider_probes_provider_id_at",
                table: "provider_probes",
                columns: new[] { "provider_id", "at" });

            migrationBuilder.CreateIndex(
                name: "IX_provider_traffic_minute",
                table: "provider_traffic",
                column: "minute");

            migrationBuilder.CreateIndex(
                name: "IX_provider_ttft_hours_hour",
                table: "provider_ttft_hours",
                column: "hour");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "leases");

            migrationBuilder.DropTable(
                name: "provider_events");

            migrationBuilder.DropTable(
                name: "provider_health");

            migrationBuilder.DropTable(
                name: "provider_probes");

            migrationBuilder.DropTable(
                name: "provider_traffic");

            migrationBuilder.DropTable(
                name: "provider_ttft_hours");

            migrationBuilder.DropTable(
                name: "provider_uptime");

            migrationBuilder.DropColumn(
                name: "probe_auto_pause",
                table: "providers");

            migrationBuilder.DropColumn(
                name: "probe_enabled",
                table: "providers");

            migrationBuilder.DropColumn(
                name: "probe_interval_seconds",
                table: "providers");

            migrationBuilder.DropColumn(
                name: "probe_model",
                table: "providers");

            migrationBuilder.DropColumn(
                name: "probe_prompt",
                table: "providers");
        }
    }
}
