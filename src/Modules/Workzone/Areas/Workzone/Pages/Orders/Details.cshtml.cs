using System.Text.Json;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Web;
using CourtOps.Workzone.WorkOrders;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Orders;

/// <summary>One work order: graph, form, thread, and the buttons that state and person allow.</summary>
[Permit("workzone.orders.read")]
internal sealed class Details(IMediator mediator, Texts t, TimeProvider clock) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ShowOrder.Result Show { get; private set; } = null!;

    public IReadOnlyList<Phrase> Phrases { get; private set; } = [];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        Show = await mediator.Send(new ShowOrder { Id = Id });
        if (Phrase.Steps.Any(May))
            Phrases = await mediator.Send(new ListPhrases());
        if (Data.Version == 0 || Request.Method == "GET")
            Data.Version = Show.Order.Version;
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var order = await mediator.Send(
            new TakeStep
            {
                Id = Id,
                Step = Data.Step ?? "",
                Version = Data.Step == OrderStep.Comment ? null : Data.Version,
                Words = Data.Words ?? "",
                PersonId = Data.PersonId,
                Mark = Data.Mark,
                WakeAt = Data.WakeAt is { } w ? Times.At(w) : null,
            }
        );
        return this.Done($"/orders/{order.Id}", t["{0}：{1}，现在{2}", t["step." + Data.Step], order.Number, t[OrderUi.StateLabel(order.State)]]);
    }

    public IReadOnlyDictionary<string, string> Form => JsonSerializer.Deserialize<Dictionary<string, string>>(Show.Order.Form, Json.Stored) ?? [];

    public bool May(string step) => Show.Allowed.Any(a => a.Step == step);

    /// <summary>A driven step opens the centre's task page instead of a form here.</summary>
    public string? TaskPage => Show.Type?.TaskPage is { } page ? string.Format(System.Globalization.CultureInfo.InvariantCulture, page, Id) : null;

    public string Verb(Node node) => OrderWords.Verb(t, node);

    public IReadOnlyList<string> Missing => OrderWords.Missing(Show.Order, Show.Nodes);

    public string Words(Node node) => OrderWords.Of(t, node);

    public string Span(TimeSpan time) =>
        time.TotalHours < 1 ? t["{0} 分钟", (int)time.TotalMinutes] : t["{0} 小时 {1} 分钟", (int)time.TotalHours, time.Minutes];

    public string Why(Dispatching.DispatchChoice choice)
    {
        int Left(string why) => choice.LeftOut.Count(l => l.Why == why);
        return t["dispatch." + choice.Rule, choice.Name, choice.Load]
            + (choice.InsteadOf.Length > 0 ? t["代理请假的{0}。", choice.InsteadOf] : "")
            + (choice.LeftOut.Count > 0 ? t["不在考虑之列：回避 {0} 人，请假 {1} 人，缺少技能 {2} 人。", Left("recused"), Left("absent"), Left("skill")] : "");
    }

    public string Graph() => OrderGraph.Render(Show, t, clock.GetUtcNow());

    internal sealed class Input
    {
        public string? Step { get; set; }
        public int Version { get; set; }
        public string? Words { get; set; }
        public long? PersonId { get; set; }
        public int? Mark { get; set; }
        public DateTime? WakeAt { get; set; }
    }
}
