using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Settings;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Settings;

/// <summary>
/// One rule in one court: the form made of its fields, or the rows of its table; where the value comes from; versions; dry run. Works without script: each
/// button of the table's editor posts the rows as they stand and gets them back.
/// </summary>
[Permit(SettingRights.Read)]
[RequestFormLimits(ValueCountLimit = 20_000)] // some fields for each cell of a table of many rows
internal sealed class Details(IMediator mediator, Actor actor, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public string Key { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public long? Court { get; set; }

    /// <summary>A dry run whose draft is put into the form.</summary>
    [FromQuery(Name = "run")]
    public long? FromRun { get; set; }

    public ShowSetting.Result Data { get; private set; } = null!;

    /// <summary>What stands in the form: as typed after a refusal.</summary>
    public IReadOnlyDictionary<string, string> Typed { get; private set; } = new Dictionary<string, string>();

    public IReadOnlyList<TypedRow> Rows { get; private set; } = [];

    public string Reason { get; private set; } = "";

    public string From { get; private set; } = "";

    public PreviewSetting.Result? Preview { get; private set; }

    public async Task OnGetAsync()
    {
        await LoadAsync();
        var value = Data.Value;
        if (
            FromRun is { } run
            && (await mediator.Send(new ShowDryRun { Id = run })).Run is { } draft
            && draft.SettingKey == Key
            && draft.CourtId == Data.CourtId
        )
            value = Data.Setting.Read(draft.Body);
        Fill(value);
    }

    public async Task ReloadAsync()
    {
        await LoadAsync();
        Posted();
    }

    /// <summary>Everything on the form: check, save, try, or a change of the table's rows.</summary>
    public async Task<IActionResult> OnPostAsync([FromForm(Name = "do")] string? act, [FromForm] int seen, [FromForm] int days, [FromForm] bool accepted)
    {
        await ReloadAsync();
        if (TableForm.Change(Rows, act) is { } changed)
        {
            Rows = changed;
            return Page();
        }
        var (values, table) = Data.Setting is TableDefinition t0
            ? (null, TableForm.Read(t0, Rows, t))
            : (ValueForm.Read(Data.Setting, Typed, t), (TableBody?)null);
        if (act == "try")
            return this.Done(
                $"/settings/runs/{await mediator.Send(new TrySetting { Key = Key, CourtId = Data.CourtId, Values = values, Table = table, Days = days })}"
            );
        Preview = await mediator.Send(
            new PreviewSetting
            {
                Key = Key,
                CourtId = Data.CourtId,
                Values = values,
                Table = table,
            }
        );
        // what is worth knowing is said once before it is saved
        if (act == "check" || (!accepted && (Preview.Warnings.Count > 0 || Preview.Stranded.Count > 0)))
            return Page();
        await mediator.Send(
            new SaveSetting
            {
                Key = Key,
                CourtId = Data.CourtId,
                Values = values,
                Table = table,
                From = Day(),
                Reason = Reason,
                Seen = seen,
            }
        );
        return Saved();
    }

    public async Task<IActionResult> OnPostInheritAsync([FromForm] int seen) => await SimpleAsync(new SaveSetting { Inherit = true, Seen = seen });

    public async Task<IActionResult> OnPostBackAsync([FromForm] int seen, [FromForm] int version) =>
        await SimpleAsync(new SaveSetting { BackTo = version, Seen = seen });

    public async Task<IActionResult> OnPostWithdrawAsync([FromForm] long id)
    {
        await mediator.Send(new WithdrawSetting { Id = id });
        return this.Done($"/settings/{Key}?court={Court ?? actor.CourtId}", t["已撤回"]);
    }

    public async Task<IActionResult> OnPostDecideAsync([FromForm] long id, [FromForm] bool confirm, [FromForm] string? words)
    {
        await mediator.Send(
            new DecideSetting
            {
                Id = id,
                Confirm = confirm,
                Words = words ?? "",
            }
        );
        return this.Done($"/settings/{Key}?court={Court ?? actor.CourtId}", t[confirm ? "已确认" : "已退回"]);
    }

    private async Task<IActionResult> SimpleAsync(SaveSetting command)
    {
        await ReloadAsync();
        await mediator.Send(command with { Key = Key, CourtId = Data.CourtId, Reason = Reason, From = Day() });
        return Saved();
    }

    private IActionResult Saved() => this.Done($"/settings/{Key}?court={Data.CourtId}", t[Data.Setting.TwoPersons ? "已提交，等第二人确认" : "已保存"]);

    private DateOnly? Day() =>
        From.Length == 0 ? null
        : DateOnly.TryParseExact(From, "yyyy-MM-dd", out var day) ? day
        : throw new Kernel.Messaging.RuleBroken("生效日要写成 2026-01-31 这样的日期。", "From");

    private async Task LoadAsync() => Data = await mediator.Send(new ShowSetting { Key = Key, CourtId = Court });

    private void Fill(object value)
    {
        if (Data.Setting is TableDefinition table)
            Rows = TableForm.Write(table, (TableBody)value, t);
        else
            Typed = ValueForm.Write(Data.Setting, value);
    }

    private void Posted()
    {
        if (!Request.HasFormContentType)
        {
            Fill(Data.Value);
            return;
        }
        Reason = Request.Form["reason"].ToString();
        From = Request.Form["from"].ToString().Trim();
        if (!Request.Form.ContainsKey("form"))
            Fill(Data.Value);
        else if (Data.Setting is TableDefinition table)
            Rows = TableForm.Posted(table, Request.Form);
        else
            Typed = Data.Setting.Fields.All.ToDictionary(f => f.Name, f => Request.Form["v." + f.Name].ToString());
    }
}
