using CourtOps.Kernel.Data;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Workzone.Api;

internal static class ShellEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints
            .MapGet(
                "/shell/counts",
                async (Db db, Actor actor, CaseAccess access, CancellationToken ct) =>
                {
                    var (me, courts, places) = access.Arguments;
                    var seeing = access.Seeing;
                    var args = new
                    {
                        me,
                        courts,
                        places,
                        hands = seeing.Absent(asks: false).Append(me).ToList(),
                        askers = seeing.Absent(asks: true).Append(me).ToList(),
                    };
                    var inHand = (args.hands.Count > 1 ? "o.assignee_id IN @hands" : "o.assignee_id = @me") + " AND o.is_open = 1 AND " + seeing.InHand("o");
                    var asked = (args.askers.Count > 1 ? "o.asked_by IN @askers" : "o.asked_by = @me") + " AND o.is_open = 1 AND " + seeing.Asked("o");
                    var html = "";
                    if (actor.Can("workzone.desk"))
                    {
                        var desk =
                            await db.CountUpToAsync(
                                $"SELECT o.due_at FROM workzone_order o WHERE {inHand} AND o.state <> 'feedback' ORDER BY o.due_at",
                                args,
                                1000,
                                ct
                            )
                            + await db.CountUpToAsync(
                                $"SELECT o.due_at FROM workzone_order o WHERE {asked} AND o.state IN ('feedback', 'returned') ORDER BY o.due_at",
                                args,
                                1000,
                                ct
                            );
                        html += Out("desk", desk);
                    }
                    if (actor.Can("workzone.cases.read"))
                        html += Out(
                            "cases",
                            await db.CountUpToAsync(
                                "SELECT c.id FROM workzone_case c WHERE " + access.ListCondition + " AND c.state = 'open' ORDER BY c.id",
                                args,
                                1000,
                                ct
                            )
                        );
                    if (actor.Can("workzone.orders.read"))
                        html += Out(
                            "orders",
                            await db.CountUpToAsync($"SELECT o.due_at FROM workzone_order o WHERE {inHand} ORDER BY o.due_at, o.id", args, 1000, ct)
                        );
                    if (actor.Can("workzone.cases.extend"))
                        html += Out(
                            "extensions",
                            await db.CountUpToAsync(
                                $"SELECT e.id FROM workzone_extension e WHERE e.state = 'asked' AND {access.Seeing.OfCase("e.case_id")} ORDER BY e.id",
                                args,
                                1000,
                                ct
                            )
                        );
                    html += Out(
                        "bell",
                        await db.CountUpToAsync(
                            "SELECT n.id FROM workzone_notice n WHERE n.person_id = @me AND n.read_at IS NULL ORDER BY n.id",
                            args,
                            1000,
                            ct
                        )
                    );
                    return Results.Text(html, "text/html; charset=utf-8");
                }
            )
            .Permit(PermitAttribute.SignedIn)
            .ExcludeFromDescription();

        endpoints
            .MapGet(
                "/documents/{id:long}/content",
                (long id, bool? original, HttpContext http, Documents.DocumentDelivery delivery) => delivery.ToBrowserAsync(id, original == true, http)
            )
            .Permit("workzone.documents.read")
            .ExcludeFromDescription();

        endpoints
            .MapGet(
                "/imports/{id:long}/outcome.csv",
                (long id, Imports.ICaseImport import, MediatR.IMediator mediator, Kernel.Web.Texts texts, CancellationToken ct) =>
                    ImportFiles.OutcomeCsvAsync(id, import, mediator, texts, ct)
            )
            .Permit("workzone.cases.import")
            .ExcludeFromDescription();
    }

    private static string Out(string key, int n) =>
        $"<b id=\"count-{key}\" hx-swap-oob=\"true\">{(n >= 1000 ? "999+" : n > 0 ? n.ToString(System.Globalization.CultureInfo.InvariantCulture) : "")}</b>";
}
