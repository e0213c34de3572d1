using System.Globalization;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.TrialSupport.Checks;

namespace CourtOps.TrialSupport.Hearings;

/// <summary>A summons that took effect on a party.</summary>
internal sealed record ServedSummons
{
    public long PartyId { get; init; }
    public long DocumentId { get; init; }
    public DateOnly ServedOn { get; init; }

    /// <summary>When the paper came into the case; null for what was served before this was kept.</summary>
    public DateTimeOffset? MadeAt { get; init; }

    /// <summary>The hearing it was drawn up for, and as which turn of it; null for a paper made elsewhere.</summary>
    public long? HearingId { get; init; }
    public int? Turn { get; init; }
}

/// <summary>Which summons is one for a hearing as it stands. Pure.</summary>
internal static class SummonsRules
{
    /// <summary>From when on a paper made elsewhere can be a summons to it: since it was booked, or since it was last moved.</summary>
    public static DateTimeOffset Since(Hearing h) => h.Turn > 1 ? h.ConfirmedAt ?? h.CreatedAt : h.CreatedAt;

    /// <summary>A summons drawn up here belongs to its hearing and turn alone; one made elsewhere to what was set when it was made.</summary>
    public static bool Belongs(Hearing h, ServedSummons s) =>
        s.HearingId is { } own ? own == h.Id && s.Turn == h.Turn
        : s.MadeAt is { } made ? made >= Since(h)
        : s.ServedOn >= Times.Day(Since(h));

    /// <summary>The notice the law asks for: of a criminal case by CrPL 187, else by CPL 139.</summary>
    public static string Notice(string caseKind) => caseKind == "criminal" ? "SUMMONS-CR" : "SUMMONS";

    /// <summary>When each party was first served with a summons to this hearing, and whether that is in time .</summary>
    public static IReadOnlyDictionary<long, (DateOnly On, NoticeVerdict Verdict)> Of(Hearing h, string caseKind, IEnumerable<ServedSummons> served)
    {
        var notice = NamedPeriods.LatestBefore(Notice(caseKind), h.HeldOn);
        return served
            .Where(s => Belongs(h, s))
            .GroupBy(s => s.PartyId)
            .ToDictionary(g => g.Key, g => g.Min(s => s.ServedOn) is var on ? (on, notice.Judge(on)) : default);
    }

    /// <summary>Whether a text names the day of a hearing, in figures or in Chinese numerals.</summary>
    public static bool Names(string text, DateOnly day)
    {
        var bare = Paper.Bare(text);
        return bare.Contains(string.Create(CultureInfo.InvariantCulture, $"{day.Year}年{day.Month}月{day.Day}日"), StringComparison.Ordinal)
            || bare.Contains(string.Create(CultureInfo.InvariantCulture, $"{day.Year}年{day.Month:00}月{day.Day:00}日"), StringComparison.Ordinal)
            || bare.Contains(Times.Iso(day), StringComparison.Ordinal)
            || bare.Contains(Numerals.Write(day), StringComparison.Ordinal);
    }
}

/// <summary>The summonses of a case and the hearings they belong to; plain methods in the open transaction.</summary>
internal sealed class Summonses(Db db)
{
    /// <summary>What was served as a summons in a case, earliest first.</summary>
    public Task<IReadOnlyList<ServedSummons>> ServedAsync(long caseId, CancellationToken ct) =>
        db.QueryAsync<ServedSummons>(
            "SELECT s.party_id, s.document_id, s.served_on, s.made_at, l.hearing_id, l.turn FROM trial_served s LEFT JOIN trial_summons l ON "
                + "l.document_id = s.document_id WHERE s.case_id = @caseId AND s.kind = 'summons' ORDER BY s.served_on, s.document_id",
            new { caseId },
            ct
        );

    /// <summary>The live hearings of a case, earliest first.</summary>
    public Task<IReadOnlyList<Hearing>> LiveAsync(long caseId, CancellationToken ct) =>
        db.QueryAsync<Hearing>(
            HearingBook.Columns + " WHERE h.case_id = @caseId AND h.state IN ('provisional', 'confirmed') ORDER BY h.starts_at, h.id",
            new { caseId },
            ct
        );

    /// <summary>The one live hearing of the case whose day the text names; null where it names none, or two.</summary>
    public async Task<Hearing?> NamedAsync(long caseId, IReadOnlyList<string> paragraphs, CancellationToken ct)
    {
        var named = (await LiveAsync(caseId, ct)).Where(h => paragraphs.Any(p => SummonsRules.Names(p, h.HeldOn))).ToList();
        return named.Count == 1 ? named[0] : null;
    }

    /// <summary>Notes that a document is the summons to a hearing as it stands.</summary>
    public async Task LinkAsync(long documentId, Hearing h, int turn, CancellationToken ct)
    {
        var args = new
        {
            documentId,
            h.CaseId,
            hearing = h.Id,
            turn,
        };
        if (await db.ExecuteAsync("UPDATE trial_summons SET hearing_id = @hearing, turn = @turn WHERE document_id = @documentId", args, ct) == 0)
            await db.ExecuteAsync(
                "INSERT INTO trial_summons (document_id, case_id, hearing_id, turn) VALUES (@documentId, @CaseId, @hearing, @turn)",
                args,
                ct
            );
    }

    /// <summary>Documents drawn up as summonses to this hearing and turn, and those of the case drawn up for another.</summary>
    public async Task<(IReadOnlyList<long> Own, IReadOnlyList<long> Others)> LinkedAsync(Hearing h, CancellationToken ct)
    {
        var all = await db.QueryAsync<ServedSummons>(
            "SELECT document_id, hearing_id, turn FROM trial_summons WHERE case_id = @CaseId ORDER BY document_id",
            new { h.CaseId },
            ct
        );
        return (
            [.. all.Where(l => l.HearingId == h.Id && l.Turn == h.Turn).Select(l => l.DocumentId)],
            [.. all.Where(l => l.HearingId != h.Id || l.Turn != h.Turn).Select(l => l.DocumentId)]
        );
    }
}
