using System.Collections.Concurrent;
using System.Globalization;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using CourtOps.Workzone.Web;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Workzone.Queues;

/// <summary>Draws the rows of a queue in one pass. What repeats (states, words of steps, headings) is encoded once for each language.</summary>
internal sealed class QueueTable(Texts t, DateTimeOffset now, IReadOnlyList<QueueColumn> columns, OrderTypes types)
{
    private const string Over = "<svg class=\"i\" aria-hidden=\"true\"><use href=\"/lib/icons.svg#alert-triangle\"></use></svg>";
    private const string Pause = "<svg class=\"i\" aria-hidden=\"true\"><use href=\"/lib/icons.svg#player-pause\"></use></svg>";
    private static readonly ConcurrentDictionary<string, Words> Languages = new();
    private readonly Words w = Languages.GetOrAdd(t.Language, static (_, texts) => new Words(texts), t);
    private readonly DateTime today = Times.Local(now).DateTime.Date;

    /// <param name="pick">Whether rows can be selected.</param>
    /// <param name="me">Who looks: gets keys for the rows that are theirs to step.</param>
    public HtmlBuffer Draw(IReadOnlyList<ListOrders.Row> rows, bool pick, long me, Func<ListOrders.Row, bool> mayAccept)
    {
        var b = new HtmlBuffer();
        foreach (var o in rows)
        {
            b.Raw("<tr data-row>");
            if (pick)
                b.Raw("<td><input type=\"checkbox\" class=\"cb\" data-pick name=\"ids\" value=\"")
                    .Number(o.Id)
                    .Raw("\" aria-label=\"")
                    .Raw(w.Pick)
                    .Text(o.Number)
                    .Raw("\"></td>");
            foreach (var column in columns)
                Cell(b, column.Key, o, me, mayAccept);
            b.Raw("</tr>\n");
        }
        return b;
    }

    private void Cell(HtmlBuffer b, string column, ListOrders.Row o, long me, Func<ListOrders.Row, bool> mayAccept)
    {
        switch (column)
        {
            case "due":
                b.Raw("<td>");
                Due(b, o);
                break;
            case "order":
                b.Raw("<td class=\"nb\"><a data-open href=\"/orders/")
                    .Number(o.Id)
                    .Raw("\">")
                    .Text(t[o.Title])
                    .Raw("</a> <span class=\"meta\">")
                    .Text(o.Number.AsSpan(Math.Max(0, o.Number.Length - 4)))
                    .Raw("</span>");
                if (o.Escalated)
                    b.Raw(w.Escalated);
                if (mayAccept(o))
                    b.Raw("<button class=\"rowkey\" name=\"accept\" value=\"")
                        .Number(o.Id)
                        .Raw("\" formaction=\"/orders?handler=accept\" data-key=\"a\">")
                        .Raw(w.Accept)
                        .Raw("</button>");
                else if (o.AssigneeId == me && o.State == OrderState.Accepted)
                    b.Raw("<a class=\"rowkey\" href=\"/orders/").Number(o.Id).Raw("?do=feedback\" data-key=\"f\">").Raw(w.Feedback).Raw("</a>");
                break;
            case "type":
                b.Raw("<td class=\"nb\">").Text(types.Find(o.OrderType) is { } type ? t[type.Label] : o.OrderType);
                break;
            case "centre":
                b.Raw("<td class=\"nb\">").Text(t[Centres.Labels.GetValueOrDefault(o.Centre, o.Centre)]);
                break;
            case "case":
                b.Raw("<td class=\"nb\"><span class=\"no\">");
                Number(b, o.CaseNumber);
                b.Raw("</span> <span class=\"sec\">").Text(o.Cause).Raw("</span>");
                break;
            case "subject":
                b.Raw("<td class=\"clip max-3\">").Text(t[o.Subject]);
                break;
            case "asker":
                b.Raw("<td>").Text(o.AskedByName);
                break;
            case "asked":
                b.Raw("<td class=\"num\">");
                Ago(b, o.AskedAt);
                break;
            case "assignee":
                b.Raw("<td>");
                if (o.AssigneeName is null)
                    b.Raw(w.Nobody);
                else
                    b.Who(o.AssigneeName);
                break;
            case "state":
                b.Raw("<td>").Raw(w.State(o.State, t));
                break;
            case "last":
                b.Raw("<td class=\"clip max-4\">").Raw(w.Step(o.LastStep, t));
                if (o.LastWords.Length > 0)
                    b.Raw(w.Colon).Text(o.LastWords);
                break;
            case "changed":
                b.Raw("<td class=\"num\">");
                Ago(b, o.ChangedAt);
                break;
            case "closed":
                b.Raw("<td class=\"num\">");
                if (o.ClosedAt is { } closed)
                    Ago(b, closed);
                break;
        }
        b.Raw("</td>");
    }

    private void Due(HtmlBuffer b, ListOrders.Row o)
    {
        if (o.State == OrderState.Paused)
        {
            b.Raw("<span class=\"due pause\">").Raw(Pause);
            if (o.WakeAt is { } wake)
            {
                b.Raw(w.PausedTo[0]);
                Short(b, Times.Local(wake).DateTime);
                b.Raw(w.PausedTo[1]);
            }
            else
            {
                b.Raw(w.Paused);
            }
            b.Raw("</span>");
            return;
        }
        if (o.DueAt is not { } due)
            return;
        var local = Times.Local(due).DateTime;
        var finished = o.State is OrderState.Closed or OrderState.Cancelled or OrderState.Feedback;
        var late = !finished && due < now;
        var days = (local.Date - today).Days;
        b.Raw("<span class=\"due ")
            .Raw(
                finished ? "ok"
                : late ? "over"
                : days == 0 ? "today"
                : days <= 3 ? "near"
                : "ok"
            )
            .Raw("\" title=\"")
            .Raw(w.Target[0]);
        b.Number(local.Year).Raw("-").Two(local.Month).Raw("-").Two(local.Day).Raw(" ").Two(local.Hour).Raw(":").Two(local.Minute).Raw(w.Target[1]).Raw("\">");
        if (late)
        {
            var by = now - due;
            var words = by.TotalHours < 24 ? w.LateHours : w.LateDays;
            b.Raw(Over).Raw(words[0]).Number(by.TotalHours < 24 ? Math.Max(1, (int)by.TotalHours) : (int)by.TotalDays).Raw(words[1]);
        }
        else if (!finished && days is 0 or 1)
        {
            var words = days == 0 ? w.Today : w.Tomorrow;
            b.Raw(words[0]).Two(local.Hour).Raw(":").Two(local.Minute).Raw(words[1]);
        }
        else
        {
            Short(b, local);
        }
        b.Raw("</span>");
    }

    private void Ago(HtmlBuffer b, DateTimeOffset at)
    {
        var local = Times.Local(at).DateTime;
        var days = (today - local.Date).Days;
        if (days == 0)
            b.Two(local.Hour).Raw(":").Two(local.Minute);
        else if (days == 1)
            b.Raw(w.Yesterday);
        else if (local.Year == today.Year)
            b.Two(local.Month).Raw("-").Two(local.Day);
        else
            b.Number(local.Year).Raw("-").Two(local.Month).Raw("-").Two(local.Day);
    }

    private void Short(HtmlBuffer b, DateTime local)
    {
        if (local.Year == today.Year)
            b.Two(local.Month).Raw("-").Two(local.Day).Raw(" ").Raw(w.Weekdays[(int)local.DayOfWeek]);
        else
            b.Number(local.Year).Raw("-").Two(local.Month).Raw("-").Two(local.Day);
    }

    // （2026）吉2424民初123号 → 民初123号: the common form by its signs, everything else by the law library
    private void Number(HtmlBuffer b, string number)
    {
        if (Tail(number, today.Year) is { } at)
            b.Text(number.AsSpan(at));
        else
            b.Text(CaseUi.ShortNumber(number, now));
    }

    internal static int? Tail(string number, int year)
    {
        if (
            number.Length < 12
            || number[0] != '（'
            || number[5] != '）'
            || !int.TryParse(number.AsSpan(1, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var written)
            || written != year
            || number[6] < 0x4E00
            || !char.IsAsciiDigit(number[7])
        )
            return null;
        var at = 7;
        while (at < number.Length && char.IsAsciiDigit(number[at]))
            at++;
        return at > 7 && at < number.Length && number[at] >= 0x4E00 ? at : null;
    }

    /// <summary>The fixed words of one language, encoded.</summary>
    private sealed class Words
    {
        private readonly ConcurrentDictionary<string, string> states = new();
        private readonly ConcurrentDictionary<string, string> steps = new();

        public Words(Texts t)
        {
            Pick = E(t["选择"]) + " ";
            Accept = E(t["step.accept"]);
            Feedback = E(t["step.feedback"]);
            Colon = E(t["："]);
            Yesterday = E(t["昨天"]);
            Paused = E(t["挂起"]);
            Nobody = $"<span class=\"who none\" data-s=\"–\">{E(t["未派"])}</span>";
            Escalated = $" <span class=\"due near\">{E(t["已升级"])}</span>";
            PausedTo = Halves(t["挂起 至 {0}"]);
            Target = Halves(t["目标时限 {0}，自发起按法院工作时间计，扣除挂起"]);
            LateHours = Halves(t["超期 {0} 小时"]);
            LateDays = Halves(t["超期 {0} 天"]);
            Today = Halves(t["今天 {0}"]);
            Tomorrow = Halves(t["明天 {0}"]);
            Weekdays = [.. Enumerable.Range(0, 7).Select(d => E(t[Ui.Weekday(new DateOnly(2026, 3, 1).AddDays(d))]))];
        }

        public string Pick { get; }
        public string Accept { get; }
        public string Feedback { get; }
        public string Colon { get; }
        public string Yesterday { get; }
        public string Paused { get; }
        public string Nobody { get; }
        public string Escalated { get; }
        public string[] PausedTo { get; }
        public string[] Target { get; }
        public string[] LateHours { get; }
        public string[] LateDays { get; }
        public string[] Today { get; }
        public string[] Tomorrow { get; }
        public string[] Weekdays { get; }

        public string State(string state, Texts t) => states.TryGetValue(state, out var html) ? html : states[state] = OrderUi.State(t, state).ToString()!;

        public string Step(string step, Texts t) => steps.TryGetValue(step, out var html) ? html : steps[step] = E(t["step." + step]);

        private static string[] Halves(string text)
        {
            var at = text.IndexOf("{0}", StringComparison.Ordinal);
            return [E(text[..at]), E(text[(at + 3)..])];
        }

        private static string E(string text) => new HtmlBuffer().Text(text).ToString();
    }
}
