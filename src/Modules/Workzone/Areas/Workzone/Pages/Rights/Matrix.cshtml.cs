using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Rights;
using CourtOps.Workzone.Web;
using MediatR;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Rights;

/// <summary>
/// Roles across, actions down: who may do what in a court, what was changed, and by which court. A row is opened to be changed: a field in every cell
/// would be a thousand of them. Costs the same with ten people or three thousand.
/// </summary>
[Permit("workzone.rights.read")]
[RequestFormLimits(ValueCountLimit = 10_000)] // a field for each cell of the rows that are open; the usual limit is 1,024
internal sealed class Matrix(IMediator mediator, Actor actor, Texts t, Shell shell, MatrixTables tables, PersonCache people, ModuleList modules)
    : PageModel,
        IReload
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    [BindProperty(SupportsGet = true)]
    public long Court { get; set; }

    // the actions whose rows are open; bound as a list it would cost as much as the page
    private Microsoft.Extensions.Primitives.StringValues Row => Request.Query["row"];

    public string Csrf => shell.Csrf;

    public string? Reason { get; private set; }

    private ShowMatrix.Result Data { get; set; } = null!;

    public MatrixTables.Drawn Drawn { get; private set; } = null!;

    private MatrixTables.Who Who => new(actor.Id, actor.CourtId, Court, t.Language, actor.Can("workzone.rights.manage"));

    public async Task OnGetAsync()
    {
        if (Row.Count == 0 && tables.Find(Who) is { } kept)
            Drawn = kept;
        else
            await ReloadAsync();
    }

    public async Task ReloadAsync()
    {
        var state = people.State;
        Data = await mediator.Send(new ShowMatrix { CourtId = Court });
        if (Row.OfType<string>().FirstOrDefault(r => Data.Actions.All(a => a.Code != r)) is { } unknown)
            throw new NotFound("权限", unknown);
        var courts = string.Concat(Data.Courts.Select(c => $"<option value=\"{c.Id}\"{(c.Id == Court ? " selected" : "")}>{Encoder.Encode(c.Name)}</option>"));
        // what somebody has open, perhaps with choices that were not taken, is nobody else's
        var open = Posted().Select(p => p.Action).Concat(Row.OfType<string>()).ToHashSet();
        Drawn =
            open.Count > 0
                ? new MatrixTables.Drawn(new HtmlString(courts), new HtmlString(Draw(open)))
                : tables.Keep(Who, state, courts, Data.Changed, () => Draw(open));
    }

    public async Task<IActionResult> OnPostAsync(string? reason)
    {
        Reason = reason;
        await ReloadAsync();
        var items = new List<MatrixBody.Item>();
        foreach (var (role, action, value) in Posted())
        {
            if (!Data.Cells.TryGetValue($"{role}|{action}", out var cell) || cell.Fixed)
                continue;
            bool? wanted = value == "default" ? null : value == "yes";
            if (wanted == cell.Allowed || (wanted is null && !cell.Here))
                continue;
            items.Add(new MatrixBody.Item(role, action, Court, wanted));
        }
        await mediator.Send(new AskForMatrix { Items = items, Reason = reason ?? "" });
        return this.Done($"/rights/matrix?court={Court}", t["已申请 {0} 处修改，等另一位安全管理员确认", items.Count]);
    }

    // every cell of an open row that can be changed comes as "m:role|action" with yes, no or as before
    private IEnumerable<(string Role, string Action, string Value)> Posted() =>
        !Request.HasFormContentType
            ? []
            : from field in Request.Form
            where
                field.Key.StartsWith("m:", StringComparison.Ordinal) && !string.IsNullOrEmpty(field.Value) && field.Key.Contains('|', StringComparison.Ordinal)
            let bar = field.Key.IndexOf('|', StringComparison.Ordinal)
            select (field.Key[2..bar], field.Key[(bar + 1)..], field.Value.ToString());

    // in one pass: a thousand cells through the view engine would cost more than all the rest. End tags that HTML does not ask for are left out, the dots
    // come by style.
    private string Draw(HashSet<string> open)
    {
        var edits = actor.Can("workzone.rights.manage");
        var html = new StringBuilder(80_000);
        html.Append("<table class=\"tb mx\"><thead><tr><th>").Append(Encoder.Encode(t["权限"])).Append("</th>");
        var roles = Data.Roles.Select(r => (Code: r, Label: Encoder.Encode(Roles.Words(t, r)))).ToList();
        foreach (var role in roles)
            html.Append("<th scope=\"col\"><span>").Append(role.Label).Append("</span></th>");
        html.Append("</tr></thead><tbody>");
        var yes = $"<i>{Encoder.Encode(t["允许"])}</i>";
        foreach (var group in Data.Actions.GroupBy(a => a.Code[..a.Code.IndexOf('.', StringComparison.Ordinal)]).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            html.Append(
                CultureInfo.InvariantCulture,
                $"<tr class=\"g\"><th scope=\"rowgroup\" "
                    + $"colspan=\"{Data.Roles.Count + 1}\">{Encoder.Encode(t[modules.All.First(m => m.Prefix == group.Key).Title])}</th></tr>"
            );
            foreach (var action in group)
                Line(html, action, roles, yes, edits, edits && open.Contains(action.Code));
        }
        return html.Append("</tbody></table>").ToString();
    }

    private void Line(StringBuilder html, ActionEntry action, List<(string Code, string Label)> roles, string yes, bool edits, bool open)
    {
        var label = Encoder.Encode(t[action.Label]);
        html.Append(open ? "<tr class=\"open\">" : "<tr>").Append("<th scope=row>");
        if (edits && !open)
            html.Append(CultureInfo.InvariantCulture, $"<a href=\"?court={Court}&amp;row={action.Code}\">{label}</a>");
        else
            html.Append(label);
        var first = open;
        foreach (var role in roles)
        {
            var cell = Data.Cells[$"{role.Code}|{action.Code}"];
            html.Append(
                cell.Fixed ? "<td class=fx"
                : cell.From is not null ? "<td class=ch"
                : "<td"
            );
            if (cell.From is not null)
                html.Append(" title=\"").Append(Encoder.Encode(cell.From.Length == 0 ? t["由全部法院的设置改定"] : t["由{0}改定", cell.From])).Append('"');
            html.Append('>');
            if (cell.Fixed || !open)
                html.Append(cell.Allowed ? yes : "");
            else
                Choose(html, $"{role.Code}|{action.Code}", $"{label}：{role.Label}", cell, first);
            first = first && cell.Fixed;
        }
    }

    private void Choose(StringBuilder html, string key, string label, ShowMatrix.Cell cell, bool focus)
    {
        var chosen =
            Request.HasFormContentType && Request.Form["m:" + key].ToString() is { Length: > 0 } sent ? sent
            : cell.Allowed ? "yes"
            : "no";
        html.Append(CultureInfo.InvariantCulture, $"<select name=\"m:{Encoder.Encode(key)}\" aria-label=\"{label}\"{(focus ? " autofocus" : "")}>");
        foreach (var (value, words) in new[] { ("yes", "允许"), ("no", "不允许"), ("default", "默认") }.Where(o => o.Item1 != "default" || cell.Here))
            html.Append(CultureInfo.InvariantCulture, $"<option value=\"{value}\"{(chosen == value ? " selected" : "")}>{Encoder.Encode(t[words])}</option>");
        html.Append("</select>");
    }
}
