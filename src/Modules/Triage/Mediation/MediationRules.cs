using System.Globalization;
using CourtOps.Law;

namespace CourtOps.Triage.Mediation;

/// <summary>What a court may set of mediation.</summary>
internal sealed record MediationSettings
{
    /// <summary>Working days in which the parties say whether they agree.</summary>
    public int ConsentDays { get; init; } = 2;

    /// <summary>Working days in which the court names a mediator.</summary>
    public int AssignDays { get; init; } = 3;

    /// <summary>Working days in which the mediator takes it on.</summary>
    public int ConfirmDays { get; init; } = 3;
    public int OrdinaryDays { get; init; } = 15;
    public int SimpleDays { get; init; } = 7;

    /// <summary>Days by which both sides may lengthen it.</summary>
    public int MostExtension { get; init; } = 30;

    /// <summary>Months of cooling off in a divorce.</summary>
    public int CoolingMonths { get; init; } = 3;

    /// <summary>Working days of an evaluator; 15 days.</summary>
    public int EvaluationDays { get; init; } = 15;
}

/// <summary>A mediator as the choice sees one.</summary>
internal sealed record MediatorCandidate
{
    public long Id { get; init; }
    public string Name { get; init; } = "";
    public string Organisation { get; init; } = "";

    /// <summary>Words of causes, with blanks or 、 between.</summary>
    public string Skills { get; init; } = "";

    /// <summary>"zh ko".</summary>
    public string Languages { get; init; } = "zh";
    public bool Gold { get; init; }
    public int MostOpen { get; init; }
    public int InHand { get; init; }

    /// <summary>Ended with an agreement, of all that ended: in the last year.</summary>
    public int Agreed { get; init; }
    public int Ended { get; init; }
}

/// <summary>Where a mediator stands for one dispute, and why.</summary>
/// <param name="Why">fit, language, full or passed-over.</param>
internal sealed record MediatorStanding(MediatorCandidate Mediator, int Points, string Why, bool Skilled);

/// <summary>The elements an agreement is written from.</summary>
internal sealed record AgreementElements
{
    /// <summary>Who pays, what to whom.</summary>
    public string Payer { get; init; } = "";
    public string Payee { get; init; } = "";
    public decimal? Amount { get; init; }

    /// <summary>Days of payment, one after the other; the amounts are equal but for the last.</summary>
    public DateOnly? FirstDue { get; init; }
    public int Instalments { get; init; } = 1;

    /// <summary>What happens when an instalment is not paid: the whole becomes due.</summary>
    public bool Acceleration { get; init; }

    /// <summary>Other promises, one a line.</summary>
    public string Others { get; init; } = "";

    /// <summary>claimant, other or half: who bears the fee.</summary>
    public string Fee { get; init; } = "half";

    /// <summary>Whether everything has been done at once.</summary>
    public bool Performed { get; init; }
}

/// <summary>Rules of mediation (E-02, E-03). Pure.</summary>
internal static class MediationRules
{
    /// <summary>The last day of the base period, from the day after the mediator's receipt: 15 days, 7 in simple and small claims procedure.</summary>
    public static DateOnly BaseEnd(DateOnly acceptedOn, string procedure, MediationSettings rules, CourtCalendar calendar) =>
        Periods.Compute(acceptedOn, procedure is "MC-SUM" or "MC-SML" or "AD-S" ? rules.SimpleDays : rules.OrdinaryDays, PeriodUnit.Day, calendar).LegalLastDay;

    public static DateOnly Workdays(DateOnly from, int n, CourtCalendar calendar) => Periods.Compute(from, n, PeriodUnit.Workday, calendar).LegalLastDay;

    /// <summary>
    /// Who speaks the parties' languages and has room, ranked: a skill that the cause names counts most, then a gold mediator, then success, then a light
    /// load. The same input gives the same order.
    /// </summary>
    public static IReadOnlyList<MediatorStanding> Rank(
        string cause,
        IReadOnlyCollection<string> languages,
        IReadOnlyCollection<long> passedOver,
        IEnumerable<MediatorCandidate> all
    ) =>
        [
            .. all.Select(m =>
                {
                    var skilled = m
                        .Skills.Split([' ', '、', ',', '，'], StringSplitOptions.RemoveEmptyEntries)
                        .Any(s => cause.Contains(s, StringComparison.Ordinal));
                    var why =
                        passedOver.Contains(m.Id) ? "passed-over"
                        : languages.Except(m.Languages.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Any() ? "language"
                        : m.InHand >= m.MostOpen ? "full"
                        : "fit";
                    var points =
                        (skilled ? 40 : 0)
                        + (m.Gold ? 15 : 0)
                        + (m.Ended >= 5 ? 20 * m.Agreed / m.Ended : 10)
                        + (m.MostOpen > 0 ? 25 * Math.Max(0, m.MostOpen - m.InHand) / m.MostOpen : 0);
                    return new MediatorStanding(m, points, why, skilled);
                })
                .OrderBy(s => s.Why == "fit" ? 0 : 1)
                .ThenByDescending(s => s.Points)
                .ThenBy(s => s.Mediator.InHand)
                .ThenBy(s => s.Mediator.Id),
        ];

    public static readonly IReadOnlyDictionary<string, string> Whys = new Dictionary<string, string>
    {
        ["fit"] = "可以指派",
        ["language"] = "语言不合",
        ["full"] = "手上已满",
        ["passed-over"] = "本件已婉拒或未回应",
    };

    /// <summary>The instalments: cents and days, the last takes what does not divide.</summary>
    public static IReadOnlyList<(DateOnly On, long Cents)> Instalments(long cents, int n, DateOnly first)
    {
        var each = cents / n;
        return [.. Enumerable.Range(0, n).Select(i => (first.AddMonths(i), i == n - 1 ? cents - (each * (n - 1)) : each))];
    }

    /// <summary>The text of an agreement, clause by clause, in the words of the form.</summary>
    public static string Agreement(AgreementElements e)
    {
        static string Day(DateOnly d) => string.Create(CultureInfo.InvariantCulture, $"{d.Year}年{d.Month}月{d.Day}日");
        static string Yuan(long cents) => (cents / 100m).ToString("0.##", CultureInfo.InvariantCulture);
        var clauses = new List<string>();
        if (e.Amount is > 0 and var amount)
        {
            var cents = (long)(amount * 100);
            if (e.Performed)
                clauses.Add($"{e.Payer}向{e.Payee}支付人民币{Yuan(cents)}元，已当场付清，{e.Payee}确认收到。");
            else if (e.Instalments <= 1)
                clauses.Add($"{e.Payer}于{(e.FirstDue is { } on ? Day(on) : "本协议签订之日")}前向{e.Payee}支付人民币{Yuan(cents)}元。");
            else
                clauses.Add(
                    $"{e.Payer}向{e.Payee}支付人民币{Yuan(cents)}元，分{e.Instalments}期：{string.Join("；", Instalments(cents, e.Instalments, e.FirstDue!.Value).Select(x => $"{Day(x.On)}前支付{Yuan(x.Cents)}元"))}。"
                );
            if (e.Acceleration && !e.Performed && e.Instalments > 1)
                clauses.Add($"{e.Payer}任何一期未按时足额支付的，{e.Payee}可以就剩余全部款项一并申请强制执行。");
        }
        clauses.AddRange(
            e.Others.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(o => o.EndsWith('。') ? o : o + "。")
        );
        clauses.Add($"案件受理费减半收取，由{e.Fee switch { "claimant" => "原告", "other" => "被告", _ => "双方各半" }}负担。");
        clauses.Add("双方就本案再无其他争议。");
        return string.Join('\n', clauses.Select((c, i) => $"{Number(i + 1)}、{c}"));
    }

    private static string Number(int n) =>
        n <= 10 ? "零一二三四五六七八九十"[n].ToString()
        : n < 20 ? "十" + "零一二三四五六七八九"[n - 10]
        : string.Create(CultureInfo.InvariantCulture, $"{n}");
}
