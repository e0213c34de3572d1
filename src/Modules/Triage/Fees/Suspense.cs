using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using FluentValidation;

namespace CourtOps.Triage.Fees;

/// <summary>Money that came in for a code nobody knows, until it is assigned to a bill or given back.</summary>
internal sealed record SuspenseRow
{
    public long Id { get; init; }
    public long CourtId { get; init; }
    public string Reference { get; init; } = "";
    public string Code { get; init; } = "";
    public long Amount { get; init; }
    public DateOnly OnDay { get; init; }

    /// <summary>open, assigned or returned.</summary>
    public string State { get; init; } = "";
    public long? BillId { get; init; }
    public string Reason { get; init; } = "";
    public string EndedByName { get; init; } = "";
    public int Version { get; init; }
}

internal static class SuspenseBook
{
    public const string Columns = "s.id, s.court_id, s.reference, s.code, s.amount, s.on_day, s.state, s.bill_id, s.reason, s.ended_by_name, s.version";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["open"] = "待处理",
        ["assigned"] = "已认领",
        ["returned"] = "已退回",
    };

    public static readonly StateTable Table = new("triage_suspense", "不明来款", new("assign", ["open"], "assigned"), new("return", ["open"], "returned"));

    /// <exception cref="NotFound">No such money, or of another court.</exception>
    public static async Task<SuspenseRow> GetAsync(Db db, Actor actor, long id, CancellationToken ct) =>
        await db.FirstAsync<SuspenseRow>(
            $"SELECT {Columns} FROM triage_suspense s WHERE s.id = @id AND s.court_id IN @courts",
            new { id, courts = actor.Courts },
            ct
        ) ?? throw new NotFound("不明来款", id);
}

/// <summary>Money of an unknown code, the oldest first.</summary>
[Permit("triage.filings")]
internal sealed record ListSuspense : IQuery<ListSuspense.Result>
{
    /// <summary>open, assigned or returned.</summary>
    public string State { get; init; } = "open";
    public string After { get; init; } = "";

    internal sealed record Result(IReadOnlyList<SuspenseRow> Rows, string? Next);

    internal sealed class Handler(Db db, Actor actor) : IQueryHandler<ListSuspense, Result>
    {
        private const int Size = 100;

        public async Task<Result> Handle(ListSuspense request, CancellationToken cancellationToken)
        {
            var mark = Mark.Read(request.After);
            var rows = await db.PageAsync<SuspenseRow>(
                $"SELECT {SuspenseBook.Columns} FROM triage_suspense s WHERE s.court_id IN @courts AND s.state = @State AND (s.on_day > @Day OR "
                    + "(s.on_day = @Day AND s.id > @Id)) ORDER BY s.on_day, s.id",
                new
                {
                    courts = actor.Courts,
                    request.State,
                    mark.Day,
                    mark.Id,
                },
                Size + 1,
                cancellationToken
            );
            return new Result([.. rows.Take(Size)], rows.Count > Size ? new Mark(rows[Size - 1].OnDay, rows[Size - 1].Id).ToString() : null);
        }
    }
}

/// <summary>The money belongs to a bill after all: it is paid with it.</summary>
[Permit("triage.fees")]
[Audited("triage.fee.assign")]
internal sealed record AssignSuspense : ICommand
{
    public long Id { get; init; }
    public int Version { get; init; }

    /// <summary>The payment code of the bill.</summary>
    public string Code { get; init; } = "";
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AssignSuspense>
    {
        public Validator()
        {
            RuleFor(c => c.Code).NotEmpty().WithMessage("请填写缴费码。").MaximumLength(40).WithMessage("缴费码最长 40 个字符。");
            RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明认领的依据。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, Actor actor, FeeLedger ledger, TimeProvider clock, AuditTrail audit) : CommandHandler<AssignSuspense>
    {
        protected override async Task RunAsync(AssignSuspense command, CancellationToken ct)
        {
            var money = await SuspenseBook.GetAsync(db, actor, command.Id, ct);
            var bill =
                await ledger.FindAsync(PartyReading.Fold(command.Code), ct)
                ?? throw new RuleBroken($"没有缴费码 {command.Code}，请核对缴费通知。", "Code", "unknown");
            if (bill.CourtId != money.CourtId)
                throw new RuleBroken("这笔款和这张缴费单不在同一个法院，请退回后由当事人重新缴纳。", "Code");
            await SuspenseBook.Table.MoveAsync(
                db,
                "assign",
                money.State,
                new
                {
                    money.Id,
                    command.Version,
                    billId = bill.Id,
                    reason = command.Reason.Trim(),
                    now = clock.GetUtcNow(),
                    by = actor.Name,
                },
                "bill_id = @billId, reason = @reason, ended_at = @now, ended_by_name = @by",
                ct
            );
            var today = Times.Day(clock.GetUtcNow());
            await ledger.PostAsync(
                $"suspense-out:{money.Id}",
                money.CourtId,
                null,
                "assign",
                money.Reference,
                today,
                ct,
                (Accounts.Cash, -money.Amount),
                (Accounts.Suspense, money.Amount)
            );
            await ledger.PayAsync(bill, $"suspense-in:{money.Id}", money.Amount, money.Reference, "assign", today, ct);
            audit.Note("bill", bill.Id, new { money.Amount, money.Reference }, bill.CaseId, command.Reason);
        }
    }
}

/// <summary>The money goes back to whoever paid it.</summary>
[Permit("triage.fees.decide")]
[Audited("triage.fee.return")]
internal sealed record ReturnSuspense : ICommand
{
    public long Id { get; init; }
    public int Version { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<ReturnSuspense>
    {
        public Validator() => RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明退给谁、为什么。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
    }

    internal sealed class Handler(Db db, Actor actor, FeeLedger ledger, TimeProvider clock, AuditTrail audit) : CommandHandler<ReturnSuspense>
    {
        protected override async Task RunAsync(ReturnSuspense command, CancellationToken ct)
        {
            var money = await SuspenseBook.GetAsync(db, actor, command.Id, ct);
            await SuspenseBook.Table.MoveAsync(
                db,
                "return",
                money.State,
                new
                {
                    money.Id,
                    command.Version,
                    reason = command.Reason.Trim(),
                    now = clock.GetUtcNow(),
                    by = actor.Name,
                },
                "reason = @reason, ended_at = @now, ended_by_name = @by",
                ct
            );
            await ledger.PostAsync(
                $"suspense-back:{money.Id}",
                money.CourtId,
                null,
                "refund",
                money.Reference,
                Times.Day(clock.GetUtcNow()),
                ct,
                (Accounts.Cash, -money.Amount),
                (Accounts.Suspense, money.Amount)
            );
            audit.Note("suspense", money.Id, new { money.Amount, money.Reference }, reason: command.Reason);
        }
    }
}
