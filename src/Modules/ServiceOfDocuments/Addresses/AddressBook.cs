using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.Law;
using CourtOps.Workzone.Cases;

namespace CourtOps.ServiceOfDocuments.Addresses;

/// <summary>An address of a party as the centre sees it; the text is revealed only where a letter or a trip needs it.</summary>
internal sealed record AddressRow
{
    public long Id { get; init; }
    public long CaseId { get; init; }
    public long PartyId { get; init; }
    public string Origin { get; init; } = "";
    public string TextEnc { get; init; } = "";
    public string Hint { get; init; } = "";
    public string? Postcode { get; init; }
    public string Recipient { get; init; } = "";
    public string? PhoneEnc { get; init; }
    public bool Warned { get; init; }
    public DateOnly? UsedOn { get; init; }
    public long? EvidenceId { get; init; }
    public string Evidence { get; init; } = "";
    public DateTimeOffset? EndedAt { get; init; }
    public string? EndedWhy { get; init; }
    public string EnteredBy { get; init; } = "";
    public DateTimeOffset EnteredAt { get; init; }
    public int Version { get; init; }

    /// <summary>What a return from it means by C-05.</summary>
    public string PostalKind => Origins.PostalKind(Origin);
}

/// <summary>Where an address comes from, in the order of C-03.</summary>
internal static class Origins
{
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["confirmed"] = "本案确认或提供",
        ["agreed"] = "合同或往来函件约定",
        ["filed"] = "本案书面材料载明",
        ["other-case"] = "一年内其他案件提供",
        ["habitual"] = "一年内民事活动常用",
        ["registered"] = "户籍、经常居所或登记住所",
    };

    public static AddressOrigin Of(string code) =>
        code switch
        {
            "confirmed" => AddressOrigin.Confirmed,
            "agreed" => AddressOrigin.Agreed,
            "filed" => AddressOrigin.Filed,
            "other-case" => AddressOrigin.OtherCase,
            "habitual" => AddressOrigin.Habitual,
            _ => AddressOrigin.Registered,
        };

    /// <summary>confirmed, statutory or unconfirmed (C-05): of the chain only what the person gave counts as confirmed, and the last step as the statutory
    /// address.</summary>
    public static string PostalKind(string origin) =>
        origin switch
        {
            "confirmed" => "confirmed",
            "agreed" or "filed" or "registered" => "statutory",
            _ => "unconfirmed",
        };
}

/// <summary>Addresses of parties and what they confirmed; plain methods in the transaction that is open.</summary>
internal sealed class AddressBook(Db db, Ids ids, Secrets secrets, TimeProvider clock, IContacts contacts, WorkQueue work)
{
    public const string Columns =
        "SELECT a.id, a.case_id, a.party_id, a.origin, a.text_enc, a.hint, a.postcode, a.recipient, a.phone_enc, a.warned, a.used_on, a.evidence_id, "
        + "a.evidence, a.ended_at, a.ended_why, a.entered_by, a.entered_at, a.version FROM service_address a";

    public Task<IReadOnlyList<AddressRow>> OfPartyAsync(long partyId, CancellationToken ct) =>
        db.QueryAsync<AddressRow>(Columns + " WHERE a.party_id = @partyId ORDER BY a.id", new { partyId }, ct);

    /// <summary>The addresses to be tried in the order of C-03, those that lapsed left out.</summary>
    public async Task<IReadOnlyList<AddressRow>> ChainAsync(long partyId, CancellationToken ct)
    {
        var all = (await OfPartyAsync(partyId, ct)).Where(a => a.EndedAt is null).ToDictionary(a => $"{a.Id}");
        return
        [
            .. AddressChain
                .Order(all.Values.Select(a => new KnownAddress($"{a.Id}", Origins.Of(a.Origin), a.UsedOn)), Times.Day(clock.GetUtcNow()))
                .Select(k => all[k.Id]),
        ];
    }

    public async Task<long> AddAsync(
        PartyContact party,
        string origin,
        string text,
        string? postcode,
        string? recipient,
        string? phone,
        bool warned,
        DateOnly? usedOn,
        long? evidenceId,
        string evidence,
        string by,
        CancellationToken ct
    )
    {
        var id = ids.Next();
        await db.ExecuteAsync(
            """
            INSERT INTO service_address (id, case_id, party_id, person_enc, person_idx, origin, text_enc, hint, postcode, recipient, phone_enc, warned, used_on,
                evidence_id, evidence, entered_by, entered_at, version)
            VALUES (@id, @CaseId, @PartyId, @person, @idx, @origin, @text, @hint, @postcode, @recipient, @phone, @warned, @usedOn, @evidenceId, @evidence, @by,
                @now, 1)
            """,
            new
            {
                id,
                party.CaseId,
                PartyId = party.Id,
                person = secrets.Protect(party.IdNumber),
                idx = secrets.Blind(party.IdNumber),
                origin,
                text = secrets.Protect(text),
                hint = ConfirmationRules.Hint(text),
                postcode = Empty(postcode),
                recipient = Empty(recipient) ?? party.Name,
                phone = secrets.Protect(Empty(phone)),
                warned,
                usedOn,
                evidenceId,
                evidence,
                by,
                now = clock.GetUtcNow(),
            },
            ct
        );
        return id;
    }

    /// <summary>A signed confirmation: the one before it is replaced, the address is the first of the chain, the contact follows, the PDF is made or the scan
    /// stands.</summary>
    public async Task<long> ConfirmAsync(
        PartyContact party,
        ConfirmationForm form,
        string way,
        long? noticeId,
        long? documentId,
        long? carriedFrom,
        string by,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        var id = ids.Next();
        await db.ExecuteAsync("UPDATE service_confirmation SET replaced_at = @now WHERE party_id = @Id AND replaced_at IS NULL", new { party.Id, now }, ct);
        await db.ExecuteAsync(
            "UPDATE service_address SET ended_at = @now, ended_why = @why, version = version + 1 WHERE party_id = @Id AND origin = 'confirmed' AND "
                + "ended_at IS NULL",
            new
            {
                party.Id,
                now,
                why = "新的送达地址确认书",
            },
            ct
        );
        await db.ExecuteAsync(
            """
            INSERT INTO service_confirmation (id, case_id, party_id, notice_id, person_enc, person_idx, way, form_enc, e_service, judgments, scope, signed_on,
                signature, document_id, carried_from, created_by, created_at)
            VALUES (@id, @CaseId, @PartyId, @noticeId, @person, @idx, @way, @form, @EService, @Judgments, @scope, @SignedOn, @Signature, @documentId,
                @carriedFrom, @by, @now)
            """,
            new
            {
                id,
                party.CaseId,
                PartyId = party.Id,
                noticeId,
                person = secrets.Protect(party.IdNumber),
                idx = secrets.Blind(party.IdNumber),
                way,
                form = secrets.Protect(JsonSerializer.Serialize(form, Json.Stored)),
                form.EService,
                form.Judgments,
                scope = form.LaterToo ? "first appeal retrial enforcement" : "first",
                form.SignedOn,
                form.Signature,
                documentId,
                carriedFrom,
                by,
                now,
            },
            ct
        );
        await AddAsync(
            party,
            "confirmed",
            form.Address,
            form.Postcode,
            form.Agent.Length > 0 ? form.Agent : form.Recipient,
            form.Phone,
            true,
            form.SignedOn,
            documentId,
            "送达地址确认书",
            by,
            ct
        );
        await contacts.ConfirmAsync(
            party.Id,
            form.Email.Length > 0 ? form.Email : null,
            form.Phone,
            form.EService ? "confirmed" : "refused",
            carriedFrom is null ? "送达地址确认书" : "送达地址确认书（原审）",
            form.SignedOn!.Value,
            ct
        );
        if (documentId is null && carriedFrom is null)
            await work.AddAsync(MakeConfirmation.Name, $"{id}", new MakeConfirmation.Payload { Id = id }, ct: ct);
        return id;
    }

    public string? Reveal(string? enc) => secrets.Reveal(enc);

    public IReadOnlyList<string> PersonKeys(PartyContact party) => secrets.BlindAll(party.IdNumber);

    private static string? Empty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
