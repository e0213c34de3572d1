using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using FluentValidation;
using FluentValidation.Results;

namespace CourtOps.TrialSupport.Elements;

internal sealed record ElementRow
{
    public static readonly StateTable Table = new(
        "trial_element",
        "要素表",
        new("close", ["open"], "closed"),
        new("reopen", ["closed"], "open"),
        new("fill", ["open"], null)
    );

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string> { ["open"] = "填写中", ["closed"] = "已截止" };

    public long Id { get; init; }
    public long CaseId { get; init; }
    public string Code { get; init; } = "";
    public string State { get; init; } = "";
    public string SentName { get; init; } = "";
    public DateTimeOffset SentAt { get; init; }
    public int Version { get; init; }
}

/// <summary>A party's form: what the clerk wrote for it, and what came by its link; the later of both counts.</summary>
internal sealed record ElementSide
{
    public long Id { get; init; }
    public long PartyId { get; init; }
    public string PartyName { get; init; } = "";
    public string Role { get; init; } = "";
    public bool Claims { get; init; }
    public string? TokenEnc { get; init; }

    /// <summary>How often the link was handed to the service centre to be sent.</summary>
    public int Handed { get; init; }

    /// <summary>mail or sms; empty: not sent, for the reason.</summary>
    public string? ToldChannel { get; init; }
    public DateTimeOffset? ToldAt { get; init; }
    public string? ToldReason { get; init; }
    public string? AnswersEnc { get; init; }
    public string? FilledName { get; init; }
    public DateTimeOffset? FilledAt { get; init; }
    public string? OwnEnc { get; init; }
    public DateTimeOffset? OwnAt { get; init; }

    /// <summary>Whether what counts came from the party itself.</summary>
    public bool Own => OwnAt is { } own && (FilledAt is null || own >= FilledAt);
}

/// <summary>Reads and writes the element form of a case; the caller has asked whether the case is for this actor.</summary>
internal sealed class ElementBook(Db db, Secrets secrets, Outbox outbox)
{
    public Task<ElementRow?> OfCaseAsync(long caseId, CancellationToken ct) =>
        db.FirstAsync<ElementRow>(
            "SELECT e.id, e.case_id, e.code, e.state, e.sent_name, e.sent_at, e.version FROM trial_element e WHERE e.case_id = @caseId",
            new { caseId },
            ct
        );

    public Task<IReadOnlyList<ElementSide>> SidesAsync(long formId, CancellationToken ct) =>
        db.QueryAsync<ElementSide>(
            """
            SELECT s.id, s.party_id, s.party_name, s.role, s.claims, s.token_enc, s.handed, s.told_channel, s.told_at, s.told_reason, s.answers_enc,
                s.filled_name, s.filled_at, p.answers_enc AS own_enc, p.filled_at AS own_at
            FROM trial_element_side s
            LEFT JOIN trial_public_element p ON p.side_id = s.id
            WHERE s.form_id = @formId ORDER BY s.claims DESC, s.id
            """,
            new { formId },
            ct
        );

    /// <summary>Asks the service centre to send a party its link, one round more.</summary>
    public async Task HandAsync(ElementSide side, long caseId, string title, string token, DateTimeOffset until, CancellationToken ct)
    {
        var round = side.Handed + 1;
        await db.ExecuteAsync(
            "UPDATE trial_element_side SET handed = @round, told_channel = NULL, told_at = NULL, told_reason = NULL WHERE id = @Id",
            new { side.Id, round },
            ct
        );
        await outbox.AddAsync(
            Contracts.Catalogue.CaseKey(caseId),
            new Contracts.LinkHanded
            {
                LinkId = side.Id,
                Round = round,
                CaseId = caseId,
                PartyId = side.PartyId,
                Title = title,
                PathEnc = secrets.Protect("/p/elements/" + token)!,
                Until = until,
            },
            ct
        );
    }

    /// <summary>What counts of a party's answers.</summary>
    public IReadOnlyDictionary<string, string> Answers(ElementSide s) =>
        secrets.Reveal(s.Own ? s.OwnEnc : s.AnswersEnc) is { } json
            ? JsonSerializer.Deserialize<Dictionary<string, string>>(json, Json.Stored)!
            : new Dictionary<string, string>();

    /// <summary>The form of a case compared; null where none was sent.</summary>
    public async Task<(ElementRow Row, ElementForm Form, IReadOnlyList<ElementSide> Sides, IReadOnlyList<Compared> Compared)?> CompareAsync(
        long caseId,
        CancellationToken ct
    )
    {
        if (await OfCaseAsync(caseId, ct) is not { } row || ElementForms.Find(row.Code) is not { } form)
            return null;
        var sides = await SidesAsync(row.Id, ct);
        return (row, form, sides, ElementForms.Compare(form, [.. sides.Select(s => new Filled(s.PartyName, s.Role, s.Claims, Answers(s)))]));
    }

    public string Sealed(ElementForm form, IReadOnlyDictionary<string, string> answers) =>
        secrets.Protect(
            JsonSerializer.Serialize(
                form.Elements.Where(e => answers.GetValueOrDefault(e.Key, "").Trim().Length > 0).ToDictionary(e => e.Key, e => answers[e.Key].Trim()),
                Json.Stored
            )
        )!;

    /// <exception cref="ValidationException">Each wrong answer beside its field; nothing answered at all.</exception>
    public static void Check(ElementForm form, IReadOnlyDictionary<string, string> answers)
    {
        var faults = form
            .Elements.Select(e => (e.Key, Fault: ElementForms.Fault(e, answers.GetValueOrDefault(e.Key, ""))))
            .Where(f => f.Fault is not null)
            .Select(f => new ValidationFailure("Answers." + f.Key, f.Fault))
            .ToList();
        if (faults.Count == 0 && form.Elements.All(e => answers.GetValueOrDefault(e.Key, "").Trim().Length == 0))
            faults.Add(new ValidationFailure("Answers", "至少填写一项。"));
        if (faults.Count > 0)
            throw new ValidationException(faults);
    }
}
