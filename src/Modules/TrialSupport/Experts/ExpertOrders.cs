using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone;
using CourtOps.Workzone.Calendars;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.TrialSupport.Experts;

/// <summary>The order of the centre behind an entrusted opinion: opened with it, prolonged with its period, ended by its outcome.</summary>
internal sealed class ExpertOrders(IWorkOrders orders, TimeProvider clock)
{
    public const string Ordinary = "trial.expert";
    public const string Complex = "trial.expert-complex";

    /// <summary>Court hours of a working day.</summary>
    private const int HoursADay = 7;

    public static IReadOnlyList<OrderType> Types { get; } =
    [Kind(Ordinary, "委托鉴定", Opinion.Days), Kind(Complex, "委托鉴定（疑难复杂）", Opinion.ComplexDays)];

    private static OrderType Kind(string code, string label, int days) =>
        new()
        {
            Code = code,
            Centre = Centres.Trial,
            Label = label,
            TargetHours = days * HoursADay,
            Points = 3,
            ManualMinutes = 180,
            WorkAction = "trial.expert",
            RequestPage = "/trial/cases/{0}/closing",
            TaskPage = "/trial/expert-orders/{0}",
            Guide = "承办法官委托鉴定后由系统发起；由审判保障中心与鉴定机构联系、催办，收到意见或者委托结束后登记，工单随之办结。",
            Checklist =
            [
                "委托书和鉴定材料已移交机构",
                "到期前提醒机构，到期后催办",
                "机构书面申请延长的，已登记延长到的日期",
                "收到意见当日转交承办法官，由其核对内容、送交副本",
            ],
        };

    /// <returns>The id of the order.</returns>
    public async Task<long> OpenAsync(long opinionId, CaseCard card, string matter, string institution, bool complex, DateOnly due, CancellationToken ct) =>
        (
            await orders.OpenAsync(
                new NewOrder
                {
                    Type = complex ? Complex : Ordinary,
                    CaseId = card.Id,
                    Title = Hearings.HearingActs.Cut($"鉴定：{matter}", 200),
                    Subject = Hearings.HearingActs.Cut(institution, 80),
                    CauseSubject = FormattableString.Invariant($"{opinionId}"),
                    Form = new Dictionary<string, string>
                    {
                        ["鉴定事项"] = matter,
                        ["鉴定机构"] = institution,
                        ["应当完成"] = Times.Iso(due),
                    },
                },
                ct
            )
        ).Id;

    /// <summary>The institution was urged: the order keeps it.</summary>
    public Task UrgedAsync(Opinion o, CancellationToken ct) => FactAsync(o, "expert-urged", "", ct);

    /// <summary>
    /// The period is longer: the order keeps it, and in the hands of who works on it rests for as many working days, by which its own day moves. Work in
    /// nobody's hands yet has nothing that could rest.
    /// </summary>
    public async Task ExtendedAsync(Opinion o, DateOnly until, CourtCalendar calendar, CancellationToken ct)
    {
        await FactAsync(o, "expert-extended", Times.Iso(until), ct);
        if (o.OrderId is not { } id || await FindAsync(id, ct) is not { State: OrderState.Accepted } order)
            return;
        if ((await orders.StandingAsync(order, ct) & (Standing.Assignee | Standing.Lead)) == 0)
            return;
        var days = 0;
        for (var day = o.DueOn; day < until; days++)
            day = calendar.AddWorkdays(day, 1);
        await orders.StepAsync(
            order,
            OrderStep.Pause,
            new StepInput
            {
                Words = $"鉴定期限延长到 {Times.Iso(until)}",
                WakeAt = CourtHours.Add(clock.GetUtcNow(), TimeSpan.FromHours(days * HoursADay), calendar),
            },
            ct
        );
    }

    /// <summary>The entrusting has ended: what was in hand is fed back and closed, what nobody took is withdrawn. By the system, once.</summary>
    public async Task EndedAsync(Opinion o, CancellationToken ct)
    {
        if (o is not { OrderId: { } id, Outcome: { } outcome } || await FindAsync(id, ct) is not { } order || !OrderState.IsOpen(order.State))
            return;
        var words = new StepInput { Words = $"鉴定结束：{Opinion.Outcomes[outcome]}" };
        if (order.State == OrderState.Paused)
            order = await orders.StepAsync(order, OrderStep.Resume, null, ct);
        if (order.State == OrderState.Accepted)
            order = await orders.StepAsync(order, OrderStep.Feedback, words, ct);
        await orders.StepAsync(order, order.State == OrderState.Feedback ? OrderStep.Close : OrderStep.Cancel, words, ct);
    }

    private async Task FactAsync(Opinion o, string fact, string on, CancellationToken ct)
    {
        if (o.OrderId is { } id)
            await orders.StepAsync(
                id,
                OrderStep.Fact,
                new StepInput
                {
                    Args = new
                    {
                        fact,
                        who = o.Institution,
                        what = "",
                        on,
                    },
                },
                ct
            );
    }

    // the opinion is for whoever sees the case; its order for fewer
    private async Task<OrderCard?> FindAsync(long id, CancellationToken ct)
    {
        try
        {
            return await orders.GetAsync(id, ct);
        }
        catch (NotFound)
        {
            return null;
        }
    }
}

/// <summary>The order goes with the opinion: fed back and withdrawn only when that has ended.</summary>
internal sealed class ExpertSteps(string type, Db db) : IDrivenOrder
{
    public string Type => type;

    public async Task<StepInput> BeforeAsync(OrderCard order, string step, StepInput input, CancellationToken ct)
    {
        if (
            step is OrderStep.Feedback or OrderStep.Cancel
            && await db.FirstAsync<string>("SELECT state FROM trial_opinion WHERE order_id = @Id", new { order.Id }, ct) == "open"
        )
            throw new RuleBroken("鉴定还没有结束：请先登记收到意见、退回委托或者撤回申请，工单随之办结。", wayOut: $"/trial/expert-orders/{order.Id}");
        return input;
    }
}
