using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Rights;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Rights;

/// <summary>Changes that need a second person: what exactly would change, and the two buttons.</summary>
[Permit("workzone.rights.changes")]
internal sealed class Index(IMediator mediator, Actor actor, Texts t, ActionCatalogue catalogue) : PageModel, IReload
{
    private const int OpenShown = 50;
    private const int DecidedShown = 30;

    /// <summary>The last row of the page before, of those that wait and of those decided.</summary>
    [BindProperty(SupportsGet = true)]
    public long? Before { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? DecidedBefore { get; set; }

    public long? Next { get; private set; }

    public long? DecidedNext { get; private set; }

    public IReadOnlyList<ChangeRow> Open { get; private set; } = [];

    public IReadOnlyList<ChangeRow> Decided { get; private set; } = [];

    /// <summary>Second halves of one-time passwords, shown once.</summary>
    public IReadOnlyDictionary<string, string> Halves { get; private set; } = new Dictionary<string, string>();

    private SignInPolicy current = new();

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        (Open, Next) = Cut(await mediator.Send(new ListChanges { Before = Before ?? long.MaxValue, Take = OpenShown + 1 }), OpenShown);
        if (Open.Any(c => c.Kind == ChangeKind.Policy) && actor.Can("workzone.rights.manage"))
            current = (await mediator.Send(new Policy.Query())).Policy;
        (Decided, DecidedNext) = Cut(
            await mediator.Send(
                new ListChanges
                {
                    Decided = true,
                    Before = DecidedBefore ?? long.MaxValue,
                    Take = DecidedShown + 1,
                }
            ),
            DecidedShown
        );
    }

    private static (IReadOnlyList<ChangeRow> Rows, long? Next) Cut(IReadOnlyList<ChangeRow> rows, int take) =>
        rows.Count > take ? ([.. rows.Take(take)], rows[take - 1].Id) : (rows, null);

    public async Task<IActionResult> OnPostDecideAsync(long id, int version, bool confirm, string? words)
    {
        if (confirm)
            await mediator.Send(new PreparePasswords { Id = id });
        var result = await mediator.Send(
            new DecideChange
            {
                Id = id,
                Version = version,
                Confirm = confirm,
                Words = words ?? "",
            }
        );
        if (result.Halves.Count == 0)
            return this.Done(
                "/rights",
                t[
                    confirm
                        ? result.ReadyKey
                            ? "已确认，申请人可以领取密钥"
                            : "已确认，立即生效"
                        : "已退回"
                ]
            );
        Halves = result.Halves;
        await ReloadAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostWithdrawAsync(long id)
    {
        await mediator.Send(new WithdrawChange { Id = id });
        return this.Done("/rights", t["已撤回"]);
    }

    /// <summary>Why this person does not decide about it; null when they may.</summary>
    public string? WhyNot(ChangeRow change) => RightsRules.WhyNotDecide(change.AskedBy, change.Gains(), actor.Id, change.MayConfirm(actor));

    /// <summary>What would change, line by line.</summary>
    public IEnumerable<string> Lines(ChangeRow change) =>
        change.Kind switch
        {
            ChangeKind.Roles => change
                .Read<RolesBody>()
                .People.SelectMany(p =>
                    p.Add.Select(g =>
                        t["{0}（{1}）：{2}", p.Name, p.Login, Workzone.Roles.Words(t, g.Code)]
                        + (g.Reach == "below" ? t["，含下级法院"] : "")
                        + (g.UntilAt is { } u ? t["，至 {0}", Times.Full(u)] : "")
                    )
                ),
            ChangeKind.Matrix => change
                .Read<MatrixBody>()
                .Items.Select(i =>
                    t[
                        "{0}：{1} → {2}",
                        Workzone.Roles.Words(t, i.Role),
                        t[catalogue.Find(i.Action)?.Label ?? i.Action],
                        t[
                            i.Allowed is null ? "恢复默认"
                            : i.Allowed.Value ? "允许"
                            : "不允许"
                        ]
                    ]
                ),
            ChangeKind.Policy => Differences(change.Read<SignInPolicy>()),
            ChangeKind.Password => [t[change.Read<PasswordBody>().DropSecondFactor ? "发一次性密码，并清除第二因素" : "发一次性密码"]],
            ChangeKind.Key => KeyLines(change.Read<KeyBody>()),
            ChangeKind.HandOver => change.Read<HandOverBody>().Lines.Select(l => t["{0} {1} 件 → {2}", t[l.Label], l.Count, l.Heir ?? t["退回各中心队列"]]),
            ChangeKind.Team => [t["{0}：{1} → {2}", t["团队"], change.Read<TeamBody>().Was, change.Read<TeamBody>().Team]],
            _ => [],
        };

    private IEnumerable<string> KeyLines(KeyBody key)
    {
        if (key.Replaces is not null)
            yield return t["换一把新密钥；领取之后旧密钥再用 {0} 小时", key.OverlapHours];
        yield return t["以 {0} 的身份，{1} 天有效，每分钟最多 {2} 次", key.Login, key.Days, key.PerMinute];
        yield return key.Only is null ? t["该账号的全部权限"] : string.Join(t["、"], key.Only.Select(a => t[catalogue.Find(a)?.Label ?? a]));
    }

    private IEnumerable<string> Differences(SignInPolicy wanted) =>
        SignInPolicy
            .Labels.Select(l =>
                (
                    Label: l.Value,
                    Was: typeof(SignInPolicy).GetProperty(l.Key)!.GetValue(current),
                    Will: typeof(SignInPolicy).GetProperty(l.Key)!.GetValue(wanted)
                )
            )
            .Where(l => !Equals(l.Was, l.Will))
            .Select(l => t["{0}：{1} → {2}", t[l.Label], Value(l.Was), Value(l.Will)]);

    private object? Value(object? value) => value is string word ? t[SignInPolicy.SecondFactors.GetValueOrDefault(word, word)] : value;
}
