using System.Globalization;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Web;
using FluentValidation;

namespace CourtOps.Enforcement.Auctions;

/// <summary>Takes the results of sales from a platform's file: each line by itself, the same line once.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.auction.results")]
internal sealed record ImportResults : ICommand<IReadOnlyList<ImportResults.Line>>
{
    public static readonly IReadOnlyDictionary<string, string> Outcomes = new Dictionary<string, string>
    {
        ["taken"] = "已登记",
        ["repeated"] = "以前已登记",
        ["refused"] = "拒绝",
    };

    /// <summary>The file's text (<see cref="ResultLines.Decode"/>).</summary>
    [FileText]
    public string Text { get; init; } = "";

    /// <param name="Outcome">taken, repeated or refused.</param>
    internal sealed record Line(int Row, string Lot, string Outcome, string Reason);

    internal sealed class Validator : AbstractValidator<ImportResults>
    {
        public Validator() =>
            RuleFor(c => c.Text)
                .NotEmpty()
                .WithMessage("请选择结果文件或者粘贴结果。")
                .MaximumLength(1_000_000)
                .WithMessage("一次最多 1000000 个字符，请分几次导入。");
    }

    internal sealed class Handler(Db db, Actor actor, AuctionBook book, AuctionSteps steps, AuditTrail audit)
        : ICommandHandler<ImportResults, IReadOnlyList<Line>>
    {
        public async Task<IReadOnlyList<Line>> Handle(ImportResults c, CancellationToken cancellationToken)
        {
            var done = new List<Line>();
            foreach (var line in ResultLines.Read(c.Text))
                done.Add(line.Fault.Length > 0 ? new Line(line.Row, line.Lot, "refused", line.Fault) : await OneAsync(line, cancellationToken));
            audit.Note("auction-results", actor.CourtId, new { lines = done.Count, taken = done.Count(l => l.Outcome == "taken") });
            return done;
        }

        private async Task<Line> OneAsync(ResultLine line, CancellationToken ct)
        {
            var step = new StepAuction
            {
                Id = long.Parse(line.Lot, CultureInfo.InvariantCulture),
                Step = line.Outcome switch
                {
                    "sold" => "sell",
                    "unsold" => "fail",
                    _ => "stop",
                },
                On = line.On,
                Price = line.Outcome == "sold" ? line.Price : null,
                Buyer = line.Outcome == "sold" ? line.Buyer : "",
                Words = line.Words.Length > 0 || line.Outcome != "withdrawn" ? line.Words : "平台撤回",
            };
            if (new StepAuction.Validator().Validate(step) is { IsValid: false } faults)
                return new Line(line.Row, line.Lot, "refused", faults.Errors[0].ErrorMessage);
            try
            {
                var a = await book.GetAsync(step.Id, null, ct);
                if (await WasTakenAsync(a, step, ct))
                    return new Line(line.Row, line.Lot, "repeated", "");
                if (a.State != "noticed")
                    return new Line(line.Row, line.Lot, "refused", $"拍卖现在是“{AuctionRules.States[a.State]}”，不能登记{StepAuction.Steps[step.Step]}。");
                await steps.TakeAsync(step, ct);
                return new Line(line.Row, line.Lot, "taken", "");
            }
            catch (Exception e) when (e is RuleBroken or NotFound or Conflict)
            {
                return new Line(line.Row, line.Lot, "refused", e.Message);
            }
        }

        // the journal has it: the same result of the same day, of a sale with the same price and buyer
        private async Task<bool> WasTakenAsync(AuctionRow a, StepAuction step, CancellationToken ct)
        {
            var there = await db.QueryAsync<string>(
                "SELECT words FROM enforcement_auction_event WHERE auction_id = @Id AND kind = @Step AND on_day = @On",
                new
                {
                    a.Id,
                    step.Step,
                    step.On,
                },
                ct
            );
            return step.Step == "sell" ? there.Contains($"{step.Buyer.Trim()} {Ui.Yuan(Money.CaseMoney.Cents(step.Price ?? 0))} 元") : there.Count > 0;
        }
    }
}
