using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using FluentValidation;

namespace CourtOps.Enforcement.Auctions;

/// <summary>The court's account and telephone as they stand in the papers of a sale.</summary>
internal sealed record SaleAccount
{
    public string Holder { get; init; } = "";
    public string Bank { get; init; } = "";
    public string Account { get; init; } = "";
    public string Contact { get; init; } = "";

    public static Task<SaleAccount?> OfAsync(Db db, long courtId, CancellationToken ct) =>
        db.FirstAsync<SaleAccount>("SELECT holder, bank, account, contact FROM enforcement_sale_account WHERE court_id = @courtId", new { courtId }, ct);
}

/// <summary>Sets the account into which buyers and bidders pay.</summary>
[Permit("enforcement.approve")]
[Audited("enforcement.auction.account")]
internal sealed record SaveSaleAccount : ICommand
{
    public string Holder { get; init; } = "";
    public string Bank { get; init; } = "";
    public string Account { get; init; } = "";
    public string Contact { get; init; } = "";

    internal sealed class Validator : AbstractValidator<SaveSaleAccount>
    {
        public Validator()
        {
            RuleFor(c => c.Holder).NotEmpty().WithMessage("请填写户名。").MaximumLength(120).WithMessage("户名最长 120 个字符。");
            RuleFor(c => c.Bank).NotEmpty().WithMessage("请填写开户行。").MaximumLength(120).WithMessage("开户行最长 120 个字符。");
            RuleFor(c => c.Account).Matches("^[0-9A-Za-z -]{6,60}$").WithMessage("账号由 6 至 60 个数字、字母、空格或者横线组成。");
            RuleFor(c => c.Contact).NotEmpty().WithMessage("请填写咨询电话。").MaximumLength(120).WithMessage("咨询电话最长 120 个字符。");
        }
    }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, AuditTrail audit) : CommandHandler<SaveSaleAccount>
    {
        protected override async Task RunAsync(SaveSaleAccount c, CancellationToken ct)
        {
            var args = new
            {
                actor.CourtId,
                c.Holder,
                c.Bank,
                c.Account,
                c.Contact,
                name = actor.Name,
                now = clock.StoredNow(),
            };
            if (
                await db.ExecuteAsync(
                    "UPDATE enforcement_sale_account SET holder = @Holder, bank = @Bank, account = @Account, contact = @Contact, by_name = @name, at = @now "
                        + "WHERE court_id = @CourtId",
                    args,
                    ct
                ) == 0
            )
                await db.ExecuteAsync(
                    "INSERT INTO enforcement_sale_account (court_id, holder, bank, account, contact, by_name, at) VALUES (@CourtId, @Holder, @Bank, @Account, "
                        + "@Contact, @name, @now)",
                    args,
                    ct
                );
            audit.Note("sale-account", actor.CourtId, new { c.Holder, c.Bank });
        }
    }
}
