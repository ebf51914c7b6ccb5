using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIHigress.Gateway.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class AddLimits : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "rpm",
                table: "provider_keys",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "tpm",
                table: "provider_keys",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "budget_amount_micro",
                table: "api_keys",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "budget_period",
                table: "api_keys",
                type: "character varying(30)",
                maxLength: 30,
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "budget_reset_at",
                table: "api_keys",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "concurrency",
                table: "api_keys",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "rpm",
                table: "api_keys",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "tpm",
                table: "api_keys",
                type: "bigint",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "api_key_spending",
                columns: table => new
                {
                    api_key_id = table.Column<Guid>(type: "uuid", nullable: false),
                    period_start = table.Column<long>(type: "bigint", nullable: false),
                    spent_micro = table.Column<long>(type: "bigint", nullable: false)
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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "api_key_spending");

            migrationBuilder.DropColumn(
                name: "rpm",
                table: "provider_keys");

            migrationBuilder.DropColumn(
                name: "tpm",
                table: "provider_keys");

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
