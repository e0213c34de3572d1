using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Rights;
using CourtOps.Workzone.Web;
using MediatR;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Rights;

/// <summary>Roles across, actions down: who may do what in a court, what was changed, and by which court. Costs the same with ten people or three thousand.</summary>
[Permit("workzone.rights.read")]
[RequestFormLimits(ValueCountLimit = 10_000)] // a field for each cell; the usual limit is 1,024
internal sealed class Matrix(IMediator mediator, Actor actor, Texts t, Shell shell, MatrixTables tables, PersonCache people) : PageModel, IReload
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    [BindProperty(SupportsGet = true)]
    public long Court { get; set; }

    public string Csrf => shell.Csrf;

    public string? Reason { get; private set; }

    private ShowMatrix.Result Data { get; set; } = null!;

    public MatrixTables.Drawn Drawn { get; private set; } = null!;

    public IHtmlContent Table(Microsoft.AspNetCore.Mvc.Rendering.ViewContext view) => new Utf8Html(Drawn.Table, view);

    private MatrixTables.Who Who => new(actor.Id, actor.CourtId, Court, t.Language, actor.Can("workzone.rights.manage"));

    public async Task OnGetAsync()
    {
        if (tables.Find(Who) is { } kept)
            Drawn = kept;
        else
            await ReloadAsync();
    }

    public async Task ReloadAsync()
    {
        var state = people.State;
        Data = await mediator.Send(new ShowMatrix { CourtId = Court });
        Drawn = tables.Keep(Who, state, string.Concat(Data.Courts.Select(c => $"<option value=\"{c.Id}\"{(c.Id == Court ? " selected" : "")}>{Encoder.Encode(c.Name)}</option>")), Data.Changed, Draw);
    }

    public async Task<IActionResult> OnPostAsync(string? reason)
    {
        Reason = reason;
        await ReloadAsync();
        // every cell that can be changed comes as "m:role|action" with yes, no or as before
        var items = new List<MatrixBody.Item>();
        foreach (var (key, cell) in Data.Cells.Where(c => !c.Value.Fixed))
        {
            var value = Request.Form["m:" + key].ToString();
            if (value.Length == 0)
                continue;
            bool? wanted = value == "default" ? null : value == "yes";
            if (wanted == cell.Allowed || (wanted is null && !cell.Here))
                continue;
            var parts = key.Split('|');
            items.Add(new MatrixBody.Item(parts[0], parts[1], Court, wanted));
        }
        await mediator.Send(new AskForMatrix { Items = items, Reason = reason ?? "" });
        return this.Done($"/rights/matrix?court={Court}", t["已申请 {0} 处修改，等另一位安全管理员确认", items.Count]);
    }

    // in one pass: a thousand cells through the view engine would cost more than all the rest
    private string Draw()
    {
        var edits = actor.Can("workzone.rights.manage");
        var html = new StringBuilder(120_000);
        html.Append("<table class=\"tb mx\"><thead><tr><th>").Append(Encoder.Encode(t["权限"])).Append("</th>");
        foreach (var role in Data.Roles)
            html.Append("<th scope=\"col\"><span>").Append(Encoder.Encode(Roles.Words(t, role))).Append("</span></th>");
        html.Append("</tr></thead><tbody>");
        var (yes, no, back) = (Encoder.Encode(t["允许"]), Encoder.Encode(t["不允许"]), Encoder.Encode(t["默认"]));
        var group = "";
        foreach (var action in Data.Actions.OrderBy(a => a.Code[..a.Code.IndexOf('.', StringComparison.Ordinal)], StringComparer.Ordinal))
        {
            var module = action.Code[..action.Code.IndexOf('.', StringComparison.Ordinal)];
            if (module != group)
                html.Append(CultureInfo.InvariantCulture, $"<tr class=\"g\"><th scope=\"rowgroup\" colspan=\"{Data.Roles.Count + 1}\">{Encoder.Encode(module)}</th></tr>");
            group = module;
            var label = Encoder.Encode(t[action.Label]);
            html.Append("<tr><th scope=\"row\">").Append(label).Append("</th>");
            foreach (var role in Data.Roles)
            {
                var key = $"{role}|{action.Code}";
                var cell = Data.Cells[key];
                var title = cell.From is null ? "" : $" title=\"{Encoder.Encode(cell.From.Length == 0 ? t["由全部法院的设置改定"] : t["由{0}改定", cell.From])}\"";
                html.Append(CultureInfo.InvariantCulture, $"<td class=\"{(cell.Fixed ? "fx" : cell.From is not null ? "ch" : "")}\"{title}>");
                if (cell.Fixed || !edits)
                    html.Append(cell.Allowed ? "●" : "").Append("<span class=\"vh\">").Append(cell.Allowed ? yes : no).Append("</span>");
                else
                    html.Append(CultureInfo.InvariantCulture, $"<select name=\"m:{Encoder.Encode(key)}\" aria-label=\"{label}\"><option value=\"yes\"{(cell.Allowed ? " selected" : "")}>{yes}</option><option value=\"no\"{(cell.Allowed ? "" : " selected")}>{no}</option>{(cell.Here ? $"<option value=\"default\">{back}</option>" : "")}</select>");
                html.Append("</td>");
            }
            html.Append("</tr>");
        }
        return html.Append("</tbody></table>").ToString();
    }
}
