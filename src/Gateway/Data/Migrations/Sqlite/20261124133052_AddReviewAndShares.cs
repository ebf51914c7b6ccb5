using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AIHigress.Gateway.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class AddReviewAndShares : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "limit_qps",
                table: "providers",
                type: "INTEGER",
                nullable: true);

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

            migrationBuilder.CreateIndex(
                name: "IX_provider_shares_user_id",
                table: "provider_shares",
                column: "user_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "provider_shares");

            migrationBuilder.DropColumn(
                name: "limit_qps",
                table: "providers");

            migrationBuilder.DropColumn(
                name: "region",
                table: "providers");

            migrationBuilder.DropColumn(
                name: "review_status",
                table: "providers");

        }
    }
}
