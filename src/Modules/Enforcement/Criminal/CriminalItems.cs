using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Criminal;

/// <summary>Which of the sums of a criminal judgment come first where the property does not suffice: practice of the court, a setting; 1 is first, equal
/// numbers share in proportion.</summary>
internal sealed record CriminalOrder
{
    /// <summary>Medical costs within the compensation for bodily harm.</summary>
    public int Medical { get; init; } = 1;

    /// <summary>Claims with priority in a thing.</summary>
    public int Secured { get; init; } = 2;

    /// <summary>Restitution to the victims.</summary>
    public int Refund { get; init; } = 3;

    /// <summary>What was obtained by the crime, recovered for the victims or the state.</summary>
    public int Recover { get; init; } = 3;

    /// <summary>Other civil debts.</summary>
    public int Civil { get; init; } = 4;
    public int Fine { get; init; } = 5;
    public int Confiscate { get; init; } = 6;

    /// <summary>The place of a kind of item.</summary>
    public int Of(string kind) =>
        kind switch
        {
            "medical" => Medical,
            "secured" => Secured,
            "refund" => Refund,
            "recover" => Recover,
            "fine" => Fine,
            "confiscate" => Confiscate,
            _ => Civil,
        };
}

/// <summary>The kinds of sums of a criminal judgment and who may receive them. Pure.</summary>
internal static class CriminalRules
{
    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        ["fine"] = "罚金",
        ["confiscate"] = "没收财产",
        ["refund"] = "责令退赔",
        ["recover"] = "追缴",
        ["medical"] = "人身损害的医疗费用",
        ["secured"] = "优先受偿的债权",
        ["civil"] = "其他民事债务",
    };

    public static readonly IReadOnlyDictionary<string, string> Payees = new Dictionary<string, string>
    {
        ["state"] = "上缴国库",
        ["victim"] = "被害人、债权人",
    };

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string>
    {
        ["open"] = "未执行完毕",
        ["done"] = "已执行完毕",
        ["ended"] = "已终结",
    };

    /// <summary>Fines and confiscated property go to the state, restitution and debts to persons, what is recovered to either.</summary>
    public static bool MayReceive(string kind, string payee) =>
        kind switch
        {
            "fine" or "confiscate" => payee == "state",
            "recover" => payee is "state" or "victim",
            _ => payee == "victim",
        };

    /// <summary>Cents that are still to be paid: of the whole property (no amount) whatever is there.</summary>
    public static long Rest(long? amount, long paid, long there) => amount is { } cents ? Math.Max(0, cents - paid) : there;
}

/// <summary>A sum of a criminal judgment.</summary>
internal sealed record CriminalItem
{
    public const string Columns =
        "i.id, i.case_id, i.court_id, i.party_id, i.party_name, i.kind, i.amount, i.payee, i.payee_name, i.paid, i.state, i.ended_on, i.ended_words, i.version";

    public static readonly StateTable Table = new(
        "enforcement_criminal_item",
        "涉财产项目",
        new("pay", ["open"], null),
        new("perform", ["open"], "done"),
        new("reopen", ["done", "open"], "open"),
        new("end", ["open"], "ended")
    );

    public long Id { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public string CaseNumber { get; init; } = "";
    public string? JudgeName { get; init; }
    public long PartyId { get; init; }
    public string PartyName { get; init; } = "";
    public string Kind { get; init; } = "";

    /// <summary>Cents; null for all the property (没收全部财产).</summary>
    public long? Amount { get; init; }

    /// <summary>state or victim.</summary>
    public string Payee { get; init; } = "";
    public string PayeeName { get; init; } = "";

    /// <summary>Cents paid out on it.</summary>
    public long Paid { get; init; }
    public string State { get; init; } = "";
    public DateOnly? EndedOn { get; init; }
    public string? EndedWords { get; init; }
    public int Version { get; init; }
}

/// <summary>Keeps the items of a case; in the open transaction.</summary>
internal sealed class CriminalBook(Db db, ICases cases, ISettings settings)
{
    public Task<IReadOnlyList<CriminalItem>> OfAsync(long caseId, CancellationToken ct, string state = "") =>
        db.QueryAsync<CriminalItem>(
            $"SELECT {CriminalItem.Columns} FROM enforcement_criminal_item i WHERE i.case_id = @caseId{(state.Length > 0 ? " AND i.state = @state" : "")} "
                + "ORDER BY i.id",
            new { caseId, state },
            ct
        );

    /// <exception cref="NotFound">No such item, or of a case not for this actor.</exception>
    public async Task<CriminalItem> GetAsync(long id, int? version, CancellationToken ct)
    {
        var i = await db.FirstAsync<CriminalItem>($"SELECT {CriminalItem.Columns} FROM enforcement_criminal_item i WHERE i.id = @id", new { id }, ct);
        if (i is null || !await cases.CanReadAsync(i.CaseId, ct))
            throw new NotFound("涉财产项目", id);
        return version is null || version == i.Version ? i : throw new Conflict("涉财产项目刚被他人办理，请刷新后再看。");
    }

    public CriminalOrder Order(long courtId) => settings.Current<CriminalOrder>(courtId);

    /// <summary>A payout for it was made, or came back.</summary>
    /// <param name="cents">Negative where the bank sent it back.</param>
    public async Task PaidAsync(long id, long cents, DateOnly on, CancellationToken ct)
    {
        var i = (await db.FirstAsync<CriminalItem>($"SELECT {CriminalItem.Columns} FROM enforcement_criminal_item i WHERE i.id = @id", new { id }, ct))!;
        if (i.State == "ended")
            return;
        var paid = i.Paid + cents;
        var step =
            cents < 0 ? "reopen"
            : paid >= i.Amount ? "perform"
            : "pay";
        await CriminalItem.Table.MoveAsync(
            db,
            step,
            i.State,
            new
            {
                i.Id,
                i.Version,
                paid,
                on = step == "perform" ? on : (DateOnly?)null,
            },
            "paid = @paid, ended_on = @on",
            ct
        );
    }
}
