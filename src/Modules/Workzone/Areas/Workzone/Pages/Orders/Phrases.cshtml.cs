using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.WorkOrders;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Orders;

/// <summary>常用语: the words that a click puts into a return, a pause, a withdrawal or a comment.</summary>
[Permit("workzone.orders.step")]
internal sealed class Phrases(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty]
    public Input Data { get; set; } = new();

    public IReadOnlyList<Phrase> All { get; private set; } = [];

    public async Task OnGetAsync([FromQuery] long? edit)
    {
        await ReloadAsync();
        if (All.FirstOrDefault(p => p.Id == edit) is { } p)
            Data = new Input
            {
                Id = p.Id,
                Step = p.Step,
                Words = p.Words,
                Shared = p.Shared,
            };
    }

    public async Task ReloadAsync() => All = await mediator.Send(new ListPhrases());

    public async Task<IActionResult> OnPostAsync()
    {
        await mediator.Send(
            new SavePhrase
            {
                Id = Data.Id,
                Step = Data.Step ?? "",
                Words = Data.Words ?? "",
                Shared = Data.Shared,
            }
        );
        return this.Done("/orders/phrases", t["常用语已保存"]);
    }

    public async Task<IActionResult> OnPostDeleteAsync([FromForm] long id)
    {
        await mediator.Send(new DeletePhrase { Id = id });
        return this.Done("/orders/phrases", t["常用语已删除"]);
    }

    internal sealed class Input
    {
        public long Id { get; set; }
        public string? Step { get; set; }
        public string? Words { get; set; }
        public bool Shared { get; set; }
    }
}
