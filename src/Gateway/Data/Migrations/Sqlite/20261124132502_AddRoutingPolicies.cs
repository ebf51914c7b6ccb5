using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIHigress.Gateway.Data.Migrations.Sqlite
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
