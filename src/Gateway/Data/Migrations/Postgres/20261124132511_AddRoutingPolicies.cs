using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIHigress.Gateway.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class AddRoutingPolicies : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "affinity",
                table: "logical_models",
                type: "character varying(30)",
                maxLength: 30,
                nullable: false,
                defaultValue: "None");

            migrationBuilder.AddColumn<string>(
                name: "bandit_reward",
                table: "logical_models",
                type: "character varying(30)",
                maxLength: 30,
                nullable: false,
                defaultValue: "Success");

            migrationBuilder.AddColumn<bool>(
                name: "continuation",
                table: "logical_models",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "hedge_after",
                table: "logical_models",
                type: "character varying(10)",
                maxLength: 10,
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "min_chars_per_second",
                table: "logical_models",
                type: "double precision",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "routing_policies",
                columns: table => new
                {
                    version = table.Column<int>(type: "integer", nullable: false),
                    body = table.Column<string>(type: "text", nullable: false),
                    made_by_id = table.Column<Guid>(type: "uuid", nullable: true),
                    made_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_routing_policies", x => x.version);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "routing_policies");

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
        }
    }
}
