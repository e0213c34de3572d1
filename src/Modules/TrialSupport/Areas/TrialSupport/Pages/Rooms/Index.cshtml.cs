using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Hearings;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Rooms;

/// <summary>The courtrooms of the court, kept by the lead of the centre.</summary>
[Permit("trial.read")]
internal sealed class Index(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long? Edit { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public int? Size { get; set; }

    [BindProperty]
    public List<string> Features { get; set; } = [];

    [BindProperty]
    public bool Online { get; set; }

    [BindProperty]
    public bool Active { get; set; } = true;

    [BindProperty]
    public long RoomId { get; set; }

    [BindProperty]
    public DateOnly? From { get; set; }

    [BindProperty]
    public DateOnly? Until { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    [BindProperty]
    public bool Reopen { get; set; }

    public ListRooms.Result Data { get; private set; } = new([], []);

    public IReadOnlyList<Option> Options => [.. Data.Rooms.Select(r => new Option($"{r.Id}", r.Name))];

    public async Task OnGetAsync()
    {
        await ReloadAsync();
        if (Data.Rooms.FirstOrDefault(r => r.Id == Edit) is { } room)
            (Name, Size, Features, Online, Active, Version) = (room.Name, room.Size, [.. room.FeatureSet], room.Online, room.Active, room.Version);
        else
            Edit = null;
    }

    public async Task ReloadAsync() => Data = await mediator.Send(new ListRooms());

    public async Task<IActionResult> OnPostSaveAsync()
    {
        await mediator.Send(
            new SaveRoom
            {
                Id = Edit,
                Version = Version,
                Name = Name ?? "",
                Size = Size,
                Features = Features,
                Online = Online,
                Active = Active,
            }
        );
        return this.Done("/trial/rooms", t["法庭已保存"]);
    }

    public async Task<IActionResult> OnPostCloseAsync()
    {
        var booked = await mediator.Send(
            new CloseRoom
            {
                Id = RoomId,
                From = From,
                Until = Until,
                Reason = Reason?.Trim() ?? "",
                Open = Reopen,
            }
        );
        return this.Done("/trial/rooms", booked == 0 ? t["已记下"] : t["已记下；这几天已有 {0} 场庭审，请到日历改期", booked]);
    }
}
