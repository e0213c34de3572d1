using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;

namespace CourtOps.Workzone.Imports;

/// <summary>Writes a case with parties, access, clock and inspection. An allotted case is under control at once.</summary>
internal sealed class CaseStore(
    Db db,
    Actor actor,
    Ids ids,
    Secrets secrets,
    TimeProvider clock,
    TeamAccess teams,
    CaseAccess access,
    Law.ICalendarSource calendars,
    Calendars.LawChanges law,
    Kernel.Search.SearchChanges search,
    ClockBook clocks,
    Outbox outbox,
    Supervision.CaseCounts counts
)
{
    private readonly List<object> cases = [];
    private readonly List<object> parties = [];
    private readonly List<object> agents = [];
    private readonly List<object> accesses = [];
    private readonly List<object> findings = [];
    private readonly List<long> created = [];
    private readonly List<long> touched = [];
    private Dictionary<string, Existing> known = [];

    /// <summary>Looks the numbers of a chunk up at once.</summary>
    public async Task LookUpAsync(IReadOnlyList<string> numbers, CancellationToken ct) =>
        known = (
            await db.QueryAsync<Existing>(
                """
                SELECT c.id, c.number, c.court_id, c.judge_id, c.digest, c.version, c.sealed,
                       CASE WHEN EXISTS (SELECT 1 FROM workzone_recusal x WHERE x.case_id = c.id AND x.person_id = @me AND x.ended_at IS NULL) THEN 1 ELSE 0 END
                           AS shut_out
                FROM workzone_case c WHERE c.number IN @numbers
                """,
                new { numbers, me = actor.Id },
                ct
            )
        ).ToDictionary(e => e.Number);

    /// <summary>Writes the new rows of the chunk, one statement for each table.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        await db.ExecuteManyAsync(
            """
            INSERT INTO workzone_case (id, number, court_id, year, number_type, serial, kind, cause, procedure_code, filed_on, amount, judge_id, allotted_on,
                state, parties_text,
                clock_base_end, clock_end, clock_legal_end, clock_last_apply, clock_provisional, digest, source, created_at, changed_at, moved_at, version)
            VALUES (@id, @number, @courtId, @Year, @type, @serial, @Kind, @Cause, @Procedure, @FiledOn, @amount, @judge, @AllottedOn, 'open', @parties,
                @BaseEnd, @End, @LegalEnd, @LastDayToApply, @Provisional, @digest, 'import', @now, @now, @now, 1)
            """,
            cases,
            ct
        );
        await counts.AddedAsync(created, ct);
        await db.ExecuteManyAsync(
            """
            INSERT INTO workzone_party (id, case_id, ordinal, name, role, party_type, id_number_enc, id_number_idx, id_number_tail, phone_enc, phone_idx,
                phone_tail, email_enc, email_hint, e_service, language, version, twin)
            VALUES (@id, @caseId, @ordinal, @Name, @Role, @Type, @idEnc, @idIdx, @idTail, @phoneEnc, @phoneIdx, @phoneTail, @emailEnc, @hint, @EService,
                @Language, 1, @twin)
            """,
            parties,
            ct
        );
        await db.ExecuteManyAsync(
            "INSERT INTO workzone_agent (id, party_id, name, agent_type, phone_enc, phone_tail) VALUES (@id, @party, @Name, @type, @phone, @tail)",
            agents,
            ct
        );
        await db.ExecuteManyAsync(
            "INSERT INTO workzone_case_access (case_id, person_id, reason, order_id, place, since) VALUES (@caseId, @person, @reason, 0, @reason, @now)",
            accesses,
            ct
        );
        await db.ExecuteManyAsync(
            "INSERT INTO workzone_inspection (id, case_id, code, field, severity, args, found_at) VALUES (@id, @caseId, @Code, @Field, @Severity, @Args, @now)",
            findings,
            ct
        );
        await search.AddManyAsync(Search.CaseSource.Name, touched, ct);
        touched.Clear();
        created.Clear();
        foreach (var list in new[] { cases, parties, agents, accesses, findings })
            list.Clear();
    }

    public async Task<(string Outcome, IReadOnlyList<FieldError> Errors, CaseImported.Item? Item)> SaveAsync(
        ReadCase read,
        long courtId,
        ImportCache.JudgeRow? judge,
        string digest,
        CancellationToken ct
    )
    {
        var there = known.GetValueOrDefault(read.Number.Canonical);
        if (there is not null && there.CourtId != courtId)
            throw new RuleBroken("这个案号已属于另一法院的案件。", "caseNumber");
        if (there is not null && there.Digest == digest)
            return ("unchanged", [], null);
        if (there is not null)
            await DemandAsync(there, judge, ct);
        if (there is not null)
            read = read with { Procedure = await clocks.ProcedureAsync(there.Id, read.Procedure, read.FiledOn, ct) };
        var now = clock.GetUtcNow();
        var limit = CaseClock.Compute(
            read.Procedure,
            read.FiledOn,
            calendars.For(read.Number.Legacy ? null : read.Number.Court),
            law.All,
            Kernel.Web.Times.Day(now)
        );
        var id = there?.Id ?? ids.Next();
        var args = new
        {
            id,
            number = read.Number.Canonical,
            courtId,
            read.Number.Year,
            type = read.Number.Type.Length > 20 ? read.Number.Type[..20] : read.Number.Type,
            serial = read.Number.SerialValue,
            read.Kind,
            read.Cause,
            read.Procedure,
            read.FiledOn,
            amount = read.AmountCents,
            judge = judge?.Id,
            read.AllottedOn,
            parties = PartiesText(read.Parties),
            limit.BaseEnd,
            limit.End,
            limit.LegalEnd,
            limit.LastDayToApply,
            limit.Provisional,
            digest,
            now,
        };
        if (there is null)
            cases.Add(args);
        else
            await counts.ExecuteAsync(
                id,
                """
                UPDATE workzone_case SET kind = @Kind, cause = @Cause, procedure_code = @Procedure, filed_on = @FiledOn, amount = @amount, judge_id = @judge,
                    allotted_on = @AllottedOn, parties_text = @parties,
                       clock_base_end = @BaseEnd, clock_end = @End, clock_legal_end = @LegalEnd, clock_last_apply = @LastDayToApply, clock_provisional =
                           @Provisional, digest = @digest, changed_at = @now, moved_at = @now, version = version + 1
                WHERE id = @id
                """,
                args,
                ct
            );
        touched.Add(id);
        if (there is null)
            created.Add(id);
        else
            await clocks.RecomputeAsync(id, "import", ct);
        await SavePartiesAsync(id, read.Parties, there is not null, ct);
        await ControlAsync(id, there, judge, now, ct);
        await InspectAsync(id, read, limit, there is not null, now, ct);
        return (
            there is null ? "created" : "updated",
            [],
            new CaseImported.Item
            {
                CaseId = id,
                Number = read.Number.Canonical,
                CourtId = courtId,
                FiledOn = read.FiledOn,
                JudgeId = judge?.Id,
                Updated = there is not null,
            }
        );
    }

    // a list changes no more than its person could by the pages
    private async Task DemandAsync(Existing there, ImportCache.JudgeRow? judge, CancellationToken ct)
    {
        if (
            judge is not null
            && judge.Id != there.JudgeId
            && await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM workzone_recusal WHERE case_id = @Id AND person_id = @judge AND ended_at IS NULL",
                new { there.Id, judge = judge.Id },
                ct
            ) > 0
        )
            throw new RuleBroken("表中的承办法官对本案须回避，请改派他人。", "judge");
        if (actor.IsSystem)
            return;
        if (there.ShutOut)
            throw new RuleBroken("您对本案须回避，不能用案件表更改它。请由他人办理。", "caseNumber");
        if (there.Sealed && !await access.CanReadAsync(there.Id, ct))
            throw new RuleBroken("本案已封存，案件表不能更改它。当事人和承办法官由承办法官在案件页更改。", "caseNumber");
        if (there.Sealed && judge?.Id != there.JudgeId && !actor.Can("workzone.cases.allot"))
            throw new RuleBroken("本案已封存，只有能改派承办法官的人可以更换它的承办法官。", "judge");
    }

    /// <summary>The judge's team: the same court, the same team name, an assistant or clerk without a centre.</summary>
    public async Task<IReadOnlyList<long>> MatesAsync(long courtId, string team, long judgeId, CancellationToken ct) =>
        team.Length == 0
            ? []
            : await db.QueryAsync<long>(
                """
                SELECT p.id FROM workzone_person p
                WHERE p.court_id = @courtId AND p.team = @team AND p.state = 'active' AND p.id <> @judgeId
                  AND EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = p.id AND r.court_id = p.court_id AND r.role IN ('assistant', 'clerk') AND
                      r.centre = '')
                """,
                new
                {
                    courtId,
                    team,
                    judgeId,
                },
                ct
            );

    private async Task SavePartiesAsync(long caseId, IReadOnlyList<ReadParty> read, bool again, CancellationToken ct)
    {
        var known = again
            ? (
                await db.QueryAsync<Known>(
                    "SELECT id, name, role, id_number_enc, phone_enc, email_enc, e_service, contact_at, twin FROM workzone_party WHERE case_id = "
                        + "@caseId ORDER BY ordinal, id",
                    new { caseId },
                    ct
                )
            ).ToList()
            : [];
        var taken = known.Select(k => (k.Name, k.Role, k.Twin)).ToHashSet();
        var ordinal = 0;
        foreach (var listed in read)
        {
            ordinal++;
            var there =
                known.Count == 0
                    ? null
                    : Same(listed, known, read.Count(p => p.Role == listed.Role && Written.NameKey(p.Name) == Written.NameKey(listed.Name)) > 1);
            if (there is not null)
            {
                known.Remove(there);
                taken.Remove((there.Name, there.Role, there.Twin));
            }
            var twin = there?.Twin ?? 0;
            while (!taken.Add((listed.Name, listed.Role, twin)))
                twin++;
            var partyId = there?.Id;
            var p = there is null ? listed : Kept(listed, there);
            var args = new
            {
                id = partyId ?? ids.Next(),
                caseId,
                ordinal,
                p.Name,
                p.Role,
                p.Type,
                idEnc = secrets.Protect(p.IdNumber),
                idIdx = secrets.Blind(p.IdNumber),
                idTail = Secrets.Tail(p.IdNumber),
                phoneEnc = secrets.Protect(p.Phone),
                phoneIdx = secrets.Blind(p.Phone),
                phoneTail = Secrets.Tail(p.Phone),
                emailEnc = secrets.Protect(p.Email),
                hint = Hint(p.Email),
                p.EService,
                p.Language,
                twin,
            };
            if (partyId is null)
                parties.Add(args);
            else
                await db.ExecuteAsync(
                    """
                    UPDATE workzone_party SET ordinal = @ordinal, name = @Name, party_type = @Type, id_number_enc = @idEnc, id_number_idx = @idIdx,
                        id_number_tail = @idTail, phone_enc = @phoneEnc, phone_idx = @phoneIdx, phone_tail = @phoneTail,
                           email_enc = @emailEnc, email_hint = @hint, e_service = @EService, language = @Language, twin = @twin, version = version + 1
                    WHERE id = @id
                    """,
                    args,
                    ct
                );
            if (there is not null && p.IdNumber.Length > 0 && p.IdNumber != (secrets.Reveal(there.IdNumberEnc) ?? ""))
                await outbox.AddAsync(
                    Catalogue.CaseKey(caseId),
                    new PartyNumberCorrected
                    {
                        CaseId = caseId,
                        PartyId = there.Id,
                        At = clock.GetUtcNow(),
                    },
                    ct
                );
            if (again && partyId is not null)
                await db.ExecuteAsync("DELETE FROM workzone_agent WHERE party_id = @partyId", new { partyId }, ct);
            foreach (var a in p.Agents)
                agents.Add(
                    new
                    {
                        id = ids.Next(),
                        party = args.id,
                        a.Name,
                        type = a.Type.Length > 40 ? a.Type[..40] : a.Type,
                        phone = secrets.Protect(a.Phone),
                        tail = Secrets.Tail(a.Phone),
                    }
                );
        }
    }

    // the same name in whatever writing; two of one name are told apart by their numbers, else they keep their order
    private Known? Same(ReadParty listed, List<Known> known, bool several)
    {
        var named = known.Where(k => k.Role == listed.Role && Written.NameKey(k.Name) == Written.NameKey(listed.Name)).ToList();
        if (listed.IdNumber.Length == 0)
            return named.OrderByDescending(k => k.Name == listed.Name).FirstOrDefault();
        string? NumberOf(Known k) =>
            secrets.Reveal(k.IdNumberEnc) is { Length: > 0 } number ? IdNumbers.Longer(Written.Sign(number)) ?? Written.Sign(number) : null;
        var wanted = IdNumbers.Longer(listed.IdNumber) ?? listed.IdNumber;
        // one alone of this name is the same person with a corrected number; of several it is the one with this number or with none
        return named.OrderByDescending(k => k.Name == listed.Name).FirstOrDefault(k => NumberOf(k) == wanted)
            ?? named.FirstOrDefault(k => NumberOf(k) is null)
            ?? (named.Count == 1 && !several ? named[0] : null);
    }

    // A list says less than what a person entered for the party, and never takes back what the party itself said of its address.
    private ReadParty Kept(ReadParty read, Known there)
    {
        var (number, phone, email) = (secrets.Reveal(there.IdNumberEnc) ?? "", secrets.Reveal(there.PhoneEnc) ?? "", secrets.Reveal(there.EmailEnc) ?? "");
        var entered = there.ContactAt is not null;
        // who refused electronic service is not won over by an older list that says less, nor by one that a person's entry is newer than
        if (read.EService == Consents.Refused || (there.EService == Consents.Refused && (entered || !Consents.IsOfParty(read.EService))))
            return read with
            {
                IdNumber = entered && number.Length > 0 ? number : read.IdNumber,
                Phone = entered && phone.Length > 0 ? phone : read.Phone,
                Email = read.Email.Length == 0 || entered ? email : read.Email,
                EService = Consents.Refused,
            };
        var lower = Consents.IsOfParty(there.EService) && !Consents.IsOfParty(read.EService) && (entered || read.Email.Length == 0 || read.Email == email);
        return read with
        {
            IdNumber = entered && number.Length > 0 ? number : read.IdNumber,
            Phone = entered && phone.Length > 0 ? phone : read.Phone,
            Email = lower || (entered && email.Length > 0 && !Consents.IsOfParty(read.EService)) ? email : read.Email,
            EService = lower || (entered && email.Length > 0 && !Consents.IsOfParty(read.EService)) ? there.EService : read.EService,
        };
    }

    private async Task ControlAsync(long caseId, Existing? there, ImportCache.JudgeRow? judge, DateTimeOffset now, CancellationToken ct)
    {
        if (there is null)
        {
            if (judge is null)
                return;
            accesses.Add(
                new
                {
                    caseId,
                    person = judge.Id,
                    reason = "judge",
                    now,
                }
            );
            accesses.AddRange(
                judge.Mates.Select(mate =>
                    (object)
                        new
                        {
                            caseId,
                            person = mate,
                            reason = "team",
                            now,
                        }
                )
            );
            return;
        }
        if (there.JudgeId == judge?.Id)
            return;
        await teams.RefreshCaseAsync(caseId, ct);
    }

    private async Task InspectAsync(long caseId, ReadCase read, ClockCard limit, bool again, DateTimeOffset now, CancellationToken ct)
    {
        if (again)
            await db.ExecuteAsync("DELETE FROM workzone_inspection WHERE case_id = @caseId", new { caseId }, ct);
        foreach (var f in Inspection.Of(read, limit, Kernel.Web.Times.Day(now)))
            findings.Add(
                new
                {
                    id = ids.Next(),
                    caseId,
                    f.Code,
                    f.Field,
                    f.Severity,
                    f.Args,
                    now,
                }
            );
    }

    // "张某甲诉王某乙、某公司": claimants, then the others
    internal static string PartiesText(IReadOnlyList<ReadParty> parties)
    {
        var claimants = parties
            .Where(p => p.Role is "原告" or "申请人" or "申请执行人" or "上诉人" or "公诉机关" or "自诉人" or "赔偿请求人" or "plaintiff" or "applicant")
            .Select(p => p.Name)
            .ToList();
        var others = parties.Select(p => p.Name).Except(claimants).ToList();
        var text =
            claimants.Count > 0 && others.Count > 0
                ? $"{string.Join('、', claimants)}诉{string.Join('、', others)}"
                : string.Join('、', parties.Select(p => p.Name));
        return text.Length <= 300 ? text : text[..(char.IsHighSurrogate(text[298]) ? 298 : 299)] + "…";
    }

    // ab***@example.com
    internal static string? Hint(string email)
    {
        var at = email.IndexOf('@', StringComparison.Ordinal);
        if (at < 1)
            return null;
        var hint = email[..Math.Min(2, at)] + "***" + email[at..];
        return hint.Length <= 60 ? hint : hint[..60];
    }

    private sealed record Known
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public string Role { get; init; } = "";
        public int Twin { get; init; }
        public string? IdNumberEnc { get; init; }
        public string? PhoneEnc { get; init; }
        public string? EmailEnc { get; init; }
        public string EService { get; init; } = "";
        public DateTimeOffset? ContactAt { get; init; }
    }

    private sealed record Existing
    {
        public bool Sealed { get; init; }

        /// <summary>Whoever hands the list in is recused from it.</summary>
        public bool ShutOut { get; init; }
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public long CourtId { get; init; }
        public long? JudgeId { get; init; }
        public string Digest { get; init; } = "";
    }
}

internal sealed record Finding(string Code, string Field, string Severity, string Args);

/// <summary>案件信息质检: gaps and errors in what a case list says. Pure.</summary>
internal static class Inspection
{
    public static IEnumerable<Finding> Of(ReadCase read, ClockCard limit, DateOnly today)
    {
        if (read.Judge.Length == 0)
            yield return new("not-allotted", "judge", "warning", "");
        if (read.ProcedureDefaulted)
            yield return new("procedure-assumed", "procedure", "info", read.Procedure);
        if (limit.LegalEnd < today)
            yield return new("limit-passed", "filedOn", "error", Kernel.Web.Times.Iso(limit.LegalEnd.Value));
        if (read.Number.Year != read.FiledOn.Year)
            yield return new("year-differs", "filedOn", "warning", "");
        if (read.Parties.Count < 2 && read.Kind is "civil" or "admin" && !read.Number.Type.Contains('特', StringComparison.Ordinal))
            yield return new("one-side-only", "party", "warning", "");
        foreach (var f in read.Parties.SelectMany(Of))
            yield return f;
        foreach (var (one, other) in Sides.SharedAddresses([.. read.Parties.Select(p => new SidedAddress(p.Name, p.Role, p.Email, p.Phone))]))
            yield return new("opponents-share-address", "email", "error", $"{one}、{other}");
    }

    /// <summary>The codes that are about one party, whose name is their argument.</summary>
    public static readonly string[] OfParties = ["id-missing", "id-wrong", "phone-wrong", "unreachable", "eservice-without-address"];

    public static IEnumerable<Finding> Of(ReadParty p)
    {
        if (p.IdNumber.Length == 0)
            yield return new("id-missing", "idNumber", "warning", p.Name);
        else if (p.Type == "natural" && IdNumbers.IsWrongIdCard(p.IdNumber))
            yield return new("id-wrong", "idNumber", "error", p.Name);
        if (!Written.IsPhone(p.Phone))
            yield return new("phone-wrong", "phone", "warning", p.Name);
        if (p.Phone.Length == 0 && p.Email.Length == 0)
            yield return new("unreachable", "phone", "warning", p.Name);
        if (p.EService is "confirmed" or "provided" && p.Email.Length == 0 && p.Phone.Length == 0)
            yield return new("eservice-without-address", "eService", "error", p.Name);
    }
}
