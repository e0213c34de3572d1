using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Linkage;

/// <summary>The states of a request to an agency.</summary>
internal static class LinkageState
{
    public const string Sent = "sent";
    public const string Answered = "answered";
    public const string Withdrawn = "withdrawn";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Sent] = "待反馈",
        [Answered] = "已反馈",
        [Withdrawn] = "已撤回",
    };

    /// <summary>What an agency is asked for; Chinese, the keys of their translations.</summary>
    public static readonly IReadOnlyDictionary<string, string> Acts = new Dictionary<string, string>
    {
        ["query"] = "协助查询",
        ["freeze"] = "协助冻结",
        ["seal"] = "协助查封",
        ["deduct"] = "协助扣划",
        ["renew"] = "协助续行",
        ["release"] = "协助解除",
        ["transfer"] = "协助过户",
        ["find"] = "协助查找",
    };

    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        ["bank"] = "银行",
        ["realty"] = "不动产登记",
        ["vehicle"] = "车辆管理",
        ["company"] = "市场监管",
        ["police"] = "公安",
        ["tax"] = "税务",
        ["fund"] = "公积金",
        ["other"] = "其他单位",
    };
}

internal static class LinkageStep
{
    public const string Answer = "answer";
    public const string Withdraw = "withdraw";
    public const string Urge = "urge";

    /// <summary>A measure was filled from the answer; the state stays.</summary>
    public const string Fill = "fill";
}

internal sealed record LinkageRow
{
    public const string Columns = """
        SELECT l.id, l.case_id, l.court_id, l.agency_id, l.agency_name, l.login, l.act, l.words, l.basis, l.due_on, l.documents, l.digest, l.token_enc,
            l.release_enc, l.state, l.sent_by, l.sent_by_name, l.sent_at, l.urged, l.urged_at, l.answered_at, l.answered_by, l.answer,
               l.receipt, l.answer_document_id, l.next_date, l.version
        FROM enforcement_linkage l
        """;

    public long Id { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public long AgencyId { get; init; }
    public string AgencyName { get; init; } = "";

    /// <summary>The account whose key answers for the agency; empty where it answers by its link.</summary>
    public string Login { get; init; } = "";
    public string Act { get; init; } = "";
    public string Words { get; init; } = "";
    public string Basis { get; init; } = "";
    public DateOnly DueOn { get; init; }
    public string Documents { get; init; } = "[]";

    /// <summary>SHA-256 over what was sent: act, words, basis, due and the digests of the documents.</summary>
    public string Digest { get; init; } = "";
    public string TokenEnc { get; init; } = "";

    /// <summary>The link of the second person, where the agency answers by two.</summary>
    public string? ReleaseEnc { get; init; }
    public string State { get; init; } = "";
    public long SentBy { get; init; }
    public string SentByName { get; init; } = "";
    public DateTimeOffset SentAt { get; init; }
    public int Urged { get; init; }
    public DateTimeOffset? UrgedAt { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }
    public string? AnsweredBy { get; init; }
    public string? Answer { get; init; }
    public string? Receipt { get; init; }
    public long? AnswerDocumentId { get; init; }
    public DateOnly? NextDate { get; init; }
    public int Version { get; init; }
}

/// <summary>A document as the agency gets it.</summary>
internal sealed record SentPaper
{
    public int N { get; init; }
    public long DocumentId { get; init; }
    public string Title { get; init; } = "";
    public string Blob { get; init; } = "";
}

/// <summary>Reads requests, and is the one place where they change.</summary>
internal sealed class LinkageBook(Db db, ICases cases, MeasureWork work, AgencyHooks hooks, Dates.CaseDates dates)
{
    public static readonly StateTable Table = new(
        "enforcement_linkage",
        "联动请求",
        new(LinkageStep.Answer, [LinkageState.Sent], LinkageState.Answered),
        new(LinkageStep.Withdraw, [LinkageState.Sent], LinkageState.Withdrawn),
        new(LinkageStep.Urge, [LinkageState.Sent], null),
        new(LinkageStep.Fill, [LinkageState.Answered], null)
    );

    /// <exception cref="NotFound">No such request, or its case is not for this actor.</exception>
    public async Task<LinkageRow> GetAsync(long id, CancellationToken ct)
    {
        var found = await db.FirstAsync<LinkageRow>(LinkageRow.Columns + " WHERE l.id = @id", new { id }, ct);
        return found is not null && await cases.CanReadAsync(found.CaseId, ct) ? found : throw new NotFound("联动请求", id);
    }

    /// <summary>The request as the agency's own account may answer it.</summary>
    /// <exception cref="NotFound">No such request, or another agency's.</exception>
    public async Task<LinkageRow> OfAgencyAsync(long id, string login, CancellationToken ct)
    {
        var found = await db.FirstAsync<LinkageRow>(LinkageRow.Columns + " WHERE l.id = @id", new { id }, ct);
        return found is not null && found.Login.Length > 0 && found.Login == login ? found : throw new NotFound("联动请求", id);
    }

    public async Task<LinkageRow> MoveAsync(LinkageRow l, string step, CancellationToken ct, string set = "", object? args = null) =>
        l with
        {
            State = await Table.MoveAsync(db, step, l.State, args ?? new { l.Id, l.Version }, set, ct),
            Version = l.Version + 1,
        };

    /// <summary>Records an answer. The same again changes nothing; another one after it is refused.</summary>
    /// <exception cref="RuleBroken">Code answered: another answer is there.</exception>
    public async Task<LinkageRow> AnswerAsync(LinkageRow l, string answer, string receipt, string by, DateTimeOffset at, long? documentId, CancellationToken ct)
    {
        if (l.State == LinkageState.Answered && l.Answer == answer && l.Receipt == receipt)
            return l;
        if (l.State == LinkageState.Answered)
            throw new RuleBroken("这件请求已经反馈过，另有内容请联系法院。", code: "answered");
        l = await MoveAsync(
            l,
            LinkageStep.Answer,
            ct,
            "answered_at = @at, answered_by = @by, answer = @answer, receipt = @receipt, answer_document_id = @documentId, next_date = NULL",
            new
            {
                l.Id,
                l.Version,
                at,
                by,
                answer,
                receipt,
                documentId,
            }
        );
        await db.ExecuteAsync(
            "UPDATE enforcement_public_request SET answered_at = @at, answer = @answer, answer_receipt = @receipt WHERE linkage_id = @Id",
            new
            {
                l.Id,
                at,
                answer,
                receipt,
            },
            ct
        );
        await dates.EndAsync($"linkage:{l.Id}", ct);
        return l with { Answer = answer, Receipt = receipt, AnsweredAt = at };
    }

    /// <summary>Urges: counted, and looked at again in three working days.</summary>
    public async Task<LinkageRow> UrgeAsync(LinkageRow l, DateTimeOffset at, CancellationToken ct)
    {
        l = await MoveAsync(
            l,
            LinkageStep.Urge,
            ct,
            "urged = urged + 1, urged_at = @at, next_date = @next",
            new
            {
                l.Id,
                l.Version,
                at,
                next = work.Calendar.AddWorkdays(work.Today, 3),
            }
        );
        // an agency that is told by no message is called by a person: a date opens the order, the answer ends it
        if (!await hooks.TellAsync(l.Id, l.AgencyId, "urged", ct))
            await dates.SetAsync(
                l.CaseId,
                l.CourtId,
                $"linkage:{l.Id}",
                Dates.DateKinds.Linkage,
                work.Calendar.AddWorkdays(work.Today, 1),
                $"{l.AgencyName}逾期没有反馈（{LinkageState.Acts[l.Act]}），请电话或者当面催办",
                ct
            );
        return l;
    }
}
