using CourtOps.Workzone.WorkOrders.NodeGraph;

namespace CourtOps.Workzone.Tests.WorkOrders;

/// <summary>Orders to draw.</summary>
internal static class GraphSamples
{
    public static readonly GraphLabels Labels = new()
    {
        Title = "节点记录图",
        Overdue = "超期 2 天",
        Paused = t => $"计时暂停 {t.TotalHours:0.#} 小时",
    };

    public static DateTimeOffset T(string at) => DateTimeOffset.Parse(at + "+08:00", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The order of the reference screen: returned once, split in three, one child overdue, one paused.</summary>
    public static NodeGraphModel Served() =>
        new(
            [
                new("asker", "民事审判庭", "法官 李测试"),
                new("centre", "智能送达中心", "调度 周示例"),
                new("c1", "电子送达", "子单-1 机器人 03"),
                new("c2", "邮寄送达", "子单-2 孙范例", T("2026-11-16T17:30"), "超期 2 天"),
                new("c3", "外勤送达", "子单-3 冯试办"),
            ],
            [
                new(1, "asker", T("2026-11-09T09:12"), GraphKind.Step, "发起", "李测试", "done"),
                new(2, "centre", T("2026-11-09T09:40"), GraphKind.Step, "派单", "周示例", "wait", null, 1),
                new(3, "centre", T("2026-11-09T10:05"), GraphKind.Step, "接受", "钱演示", "work"),
                new(4, "centre", T("2026-11-09T15:20"), GraphKind.Return, "退回补正", "钱演示", "paused", "第 1 次退回：缺第三人门牌号"),
                new(5, "asker", T("2026-11-10T10:31"), GraphKind.Resubmit, "补正", "何样例", "done", null, 4),
                new(6, "centre", T("2026-11-10T10:50"), GraphKind.Step, "再接受", "钱演示", "work", null, 5),
                new(7, "centre", T("2026-11-10T11:20"), GraphKind.Split, "分单 3", "钱演示", "wait", "等三张子单全部办结"),
                new(8, "c1", T("2026-11-10T11:21"), GraphKind.Step, "接受", "机器人", "work", "延边某建材有限公司 25 分钟办结", 7),
                new(9, "c2", T("2026-11-10T11:32"), GraphKind.Step, "接受", "孙范例", "work", "王某乙 法院专递", 7),
                new(10, "c1", T("2026-11-10T11:46"), GraphKind.Step, "送达生效", "机器人", "done"),
                new(11, "c2", T("2026-11-11T09:30"), GraphKind.Step, "交寄", "孙范例", "wait", "在途 5 天"),
                new(12, "c3", T("2026-11-11T10:10"), GraphKind.Step, "接受", "冯试办", "work", "赵某丙 直接送达 等待 6.3 小时", 7),
                new(13, "c3", T("2026-11-12T08:50"), GraphKind.Pause, "挂起", "冯试办", "paused", "雪天封路"),
                new(14, "c2", T("2026-11-16T16:02"), GraphKind.Step, "邮件退回", "接口", "work"),
                new(15, "c3", T("2026-11-17T08:40"), GraphKind.Resume, "恢复", "冯试办", "work"),
                new(16, "c2", T("2026-11-17T17:40"), GraphKind.Slip, "催办", "周示例", "work"),
                new(17, "centre", T("2026-11-18T09:00"), GraphKind.Expected, "反馈", "", "done"),
                new(18, "asker", T("2026-11-18T09:00"), GraphKind.Expected, "确认", "", "done"),
            ],
            T("2026-11-18T09:42"),
            T("2026-11-16T17:30"),
            false
        );

    /// <summary>Five nodes, done in a day.</summary>
    public static NodeGraphModel Short(bool finished) =>
        new(
            [new("asker", "民事审判庭", "法官 李测试"), new("centre", "智能送达中心", "周示例")],
            [
                new(1, "asker", T("2026-11-17T09:12"), GraphKind.Step, "发起", "李测试", "done"),
                new(2, "centre", T("2026-11-17T09:40"), GraphKind.Step, "派单", "周示例", "wait", null, 1),
                new(3, "centre", T("2026-11-17T10:05"), GraphKind.Step, "接受", "钱演示", "work"),
                new(4, "centre", T("2026-11-18T09:20"), GraphKind.Step, "反馈", "钱演示", finished ? "done" : "done"),
                new(5, "asker", T("2026-11-18T09:31"), GraphKind.Step, finished ? "确认" : "查看", "李测试", finished ? "done" : "wait", null, 4),
                .. finished ? Array.Empty<GraphNode>() : [new GraphNode(6, "asker", T("2026-11-18T10:00"), GraphKind.Expected, "确认", "", "done")],
            ],
            T("2026-11-18T11:00"),
            T("2026-11-20T17:30"),
            finished
        );

    /// <summary>Any order: some lanes, returns, splits, pauses, long names, many days; always the same for a seed.</summary>
#pragma warning disable CA5394 // not for secrets
    public static NodeGraphModel Random(int seed, int nodes)
    {
        var random = new System.Random(seed);
        var lanes = Enumerable
            .Range(0, 2 + random.Next(5))
            .Select(i => new GraphLane($"l{i}", i == 0 ? "民事审判庭" : $"第{i}组 {new string('辅', random.Next(6))}", "负责人"))
            .ToList();
        var at = T("2026-09-28T08:30");
        var made = new List<GraphNode>();
        string[] verbs = ["接受", "退回补正", "送达生效", "邮件退回待核实新址并重新交寄", "催办", "Accepted"];
        string[] people = ["李测试", "欧阳示例样本", "阿卜杜拉·买买提", "", "Robot 03"];
        for (var n = 1; n <= nodes; n++)
        {
            at = at.AddMinutes(random.Next(10) == 0 ? random.Next(60, 9000) : random.Next(0, 240));
            var kind = (GraphKind)random.Next(10);
            if (kind is GraphKind.Expected or GraphKind.Join)
                kind = GraphKind.Step;
            var lane = n == 1 ? 0 : random.Next(lanes.Count);
            int? follows = n > 1 && random.Next(2) == 0 ? random.Next(Math.Max(1, n - 4), n) : null;
            made.Add(
                new GraphNode(
                    n,
                    lanes[lane].Key,
                    at,
                    kind,
                    verbs[random.Next(verbs.Length)],
                    people[random.Next(people.Length)],
                    new[] { "work", "wait", "paused", "done" }[random.Next(4)],
                    random.Next(3) == 0 ? new string('因', random.Next(1, 24)) : null,
                    follows
                )
            );
        }
        made.Add(new GraphNode(nodes + 1, lanes[^1].Key, at, GraphKind.Expected, "反馈", "", "done"));
        made.Add(new GraphNode(nodes + 2, lanes[0].Key, at, GraphKind.Expected, "确认", "", "done"));
        return new NodeGraphModel(lanes, made, at.AddHours(random.Next(1, 60)), random.Next(2) == 0 ? at.AddHours(-random.Next(1, 90)) : null, false);
    }
#pragma warning restore CA5394
}
