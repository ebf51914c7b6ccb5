using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIHigress.Gateway.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class AddRouting : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "limit_qps",
                table: "providers",
                type: "INTEGER",
                nullable: true);

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

            migrationBuilder.AddColumn<string>(
                name: "region",
                table: "providers",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "review_status",
                table: "providers",
                type: "TEXT",
                maxLength: 30,
                nullable: false,
                defaultValue: "Approved");

            migrationBuilder.AddColumn<int>(
                name: "rpm",
                table: "provider_keys",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "tpm",
                table: "provider_keys",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "affinity",
                table: "logical_models",
                type: "TEXT",
                maxLength: 30,
                nullable: false,
                defaultValue: "None");

            migrationBuilder.AddColumn<string>(
                name: "bandit_reward",
                table: "logical_models",
                type: "TEXT",
                maxLength: 30,
                nullable: false,
                defaultValue: "Success");

            migrationBuilder.AddColumn<bool>(
                name: "continuation",
                table: "logical_models",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "hedge_after",
                table: "logical_models",
                type: "TEXT",
                maxLength: 10,
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "min_chars_per_second",
                table: "logical_models",
                type: "REAL",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "budget_amount_micro",
                table: "api_keys",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "budget_period",
                table: "api_keys",
                type: "TEXT",
                maxLength: 30,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "budget_reset_at",
                table: "api_keys",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "concurrency",
                table: "api_keys",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "rpm",
                table: "api_keys",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "tpm",
                table: "api_keys",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "api_key_spending",
                columns: table => new
                {
                    api_key_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    period_start = table.Column<long>(type: "INTEGER", nullable: false),
                    spent_micro = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_api_key_spending", x => x.api_key_id);
                    table.ForeignKey(
                        name: "FK_api_key_spending_api_keys_api_key_id",
                        column: x => x.api_key_id,
                        principalTable: "api_keys",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

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
                name: "provider_shares",
                columns: table => new
                {
                    provider_id = table.Column<string>(type: "TEXT", nullable: false),
                    user_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_provider_shares", x => new { x.provider_id, x.user_id });
                    table.ForeignKey(
                        name: "FK_provider_shares_providers_provider_id",
                        column: x => x.provider_id,
                        principalTable: "providers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_provider_shares_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
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
                name: "routing_policies",
                columns: table => new
                {
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    body = table.Column<string>(type: "TEXT", nullable: false),
                    made_by_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    made_by = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_routing_policies", x => x.version);
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
                name: "IX_provider_shares_user_id",
                table: "provider_shares",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "IX_provider_traffic_minute",
                table: "provider_traffic",
                column: "minute");

            migrationBuilder.CreateIndex(
                name: "IX_provider_ttft_hours_hour",
                table: "provider_ttft_hours",
                column: "hour");

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
                name: "api_key_spending");

            migrationBuilder.DropTable(
                name: "leases");

            migrationBuilder.DropTable(
                name: "provider_events");

            migrationBuilder.DropTable(
                name: "provider_health");

            migrationBuilder.DropTable(
                name: "provider_probes");

            migrationBuilder.DropTable(
                name: "provider_shares");

            migrationBuilder.DropTable(
                name: "provider_traffic");

            migrationBuilder.DropTable(
                name: "provider_ttft_hours");

            migrationBuilder.DropTable(
                name: "provider_uptime");

            migrationBuilder.DropTable(
                name: "proxies");

            migrationBuilder.DropTable(
                name: "proxy_config");

            migrationBuilder.DropTable(
                name: "routing_policies");

            migrationBuilder.DropTable(
                name: "proxy_sources");

            migrationBuilder.DropColumn(
                name: "limit_qps",
                table: "providers");

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

            migrationBuilder.DropColumn(
                name: "proxy",
                table: "providers");

            migrationBuilder.DropColumn(
                name: "proxy_required",
                table: "providers");

            migrationBuilder.DropColumn(
                name: "region",
                table: "providers");

            migrationBuilder.DropColumn(
                name: "review_status",
                table: "providers");

            migrationBuilder.DropColumn(
                name: "rpm",
                table: "provider_keys");

            migrationBuilder.DropColumn(
                name: "tpm",
                table: "provider_keys");

            migrationBuilder.DropColumn(
                name: "affinity",
                table: "logical_models");

            migrationBuilder.DropColumn(
                name: "bandit_reward",
                table: "logical_models");

            migrationBuilder.DropColumn(
                name: "continuation",
                table: "logical_models");

            migrationBuilder.DropColumn(
                name: "hedge_after",
                table: "logical_models");

            migrationBuilder.DropColumn(
                name: "min_chars_per_second",
                table: "logical_models");

            migrationBuilder.DropColumn(
                name: "budget_amount_micro",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "budget_period",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "budget_reset_at",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "concurrency",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "rpm",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "tpm",
                table: "api_keys");
        }
    }
}
