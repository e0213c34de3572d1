using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;

namespace CourtOps.ServiceOfDocuments.Entrust;

/// <summary>One paper that another court serves.</summary>
internal sealed record EntrustedPaper(string Title, string Kind, string Blob, int? Pages);

internal sealed record EntrustRow
{
    public long Id { get; init; }
    public long NoticeId { get; init; }
    public long StepId { get; init; }
    public long OrderId { get; init; }
    public long CaseId { get; init; }
    public long FromCourtId { get; init; }
    public string FromCourtName { get; init; } = "";
    public long ToCourtId { get; init; }
    public string ToCourtName { get; init; } = "";
    public string CaseNumber { get; init; } = "";
    public string Recipient { get; init; } = "";
    public string? AddressEnc { get; init; }
    public string? PhoneEnc { get; init; }
    public string Papers { get; init; } = "[]";
    public bool Judgment { get; init; }
    public string Words { get; init; } = "";
    public string State { get; init; } = "";
    public string SentBy { get; init; } = "";
    public DateTimeOffset SentAt { get; init; }
    public DateOnly ReceiveBy { get; init; }
    public string? ReceivedBy { get; init; }
    public DateTimeOffset? ReceivedAt { get; init; }
    public DateOnly? ServeBy { get; init; }
    public string? Outcome { get; init; }
    public DateOnly? OnDay { get; init; }
    public string? Signer { get; init; }
    public bool Opposing { get; init; }
    public string? Place { get; init; }
    public string? AnswerWords { get; init; }
    public string? AnsweredBy { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }
    public int Version { get; init; }

    public IReadOnlyList<EntrustedPaper> PaperList => JsonSerializer.Deserialize<List<EntrustedPaper>>(Papers, Json.Stored) ?? [];

    public string? Late(DateOnly today) => EntrustRules.Late(State, ReceiveBy, ServeBy, today);
}

/// <summary>Reads entrusted services; the entrusted court sees those for it, none of a sealed case.</summary>
internal sealed class EntrustBook(Db db, Actor actor, Workzone.Cases.ICases cases)
{
    public const string Columns = """
        SELECT e.id, e.notice_id, e.step_id, e.order_id, e.case_id, e.from_court_id, e.from_court_name, e.to_court_id, e.to_court_name, e.case_number,
            e.recipient, e.address_enc, e.phone_enc,
               e.papers, e.judgment, e.words, e.state, e.sent_by, e.sent_at, e.receive_by, e.received_by, e.received_at, e.serve_by, e.outcome, e.on_day,
                   e.signer, e.opposing, e.place,
               e.answer_words, e.answered_by, e.answered_at, e.version
        FROM service_entrust e
        """;

    /// <summary>The condition of what other courts ask of the courts this person works for; reads @courts.</summary>
    public string ForUs => "e.to_court_id IN @mine AND " + cases.Announceable("e.case_id");

    /// <exception cref="NotFound">No such, or for another court.</exception>
    public async Task<EntrustRow> ForUsAsync(long id, CancellationToken ct) =>
        await db.FirstAsync<EntrustRow>($"{Columns} WHERE e.id = @id AND e.state <> 'withdrawn' AND {ForUs}", new { id, mine = actor.Courts }, ct)
        ?? throw new NotFound("委托送达", id);

    public Task<EntrustRow?> FindAsync(long id, CancellationToken ct) => db.FirstAsync<EntrustRow>(Columns + " WHERE e.id = @id", new { id }, ct);
}
