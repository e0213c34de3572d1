using System.Text.Json;
using System.Text.Json.Nodes;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Settings;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Workzone.Api;

/// <summary>Rules of courts: the same commands as the pages.</summary>
internal static class SettingsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/settings",
                async (long? court, string? q, IMediator mediator) =>
                {
                    var r = await mediator.Send(new ListSettings { CourtId = court, Text = q ?? "" });
                    return Results.Ok(
                        r.Rows.Select(x => new
                        {
                            x.Setting.Key,
                            x.Setting.Label,
                            x.Setting.Module,
                            x.Setting.TwoPersons,
                            value = x.Shown,
                            from = x.SourceName,
                        })
                    );
                }
            )
            .Permit(SettingRights.Read)
            .WithTags("settings")
            .WithSummary("Rules with the value that counts in a court");

        api.MapGet(
                "/settings/{key}",
                async (string key, long? court, IMediator mediator) =>
                {
                    var r = await mediator.Send(new ShowSetting { Key = key, CourtId = court });
                    return Results.Ok(
                        new
                        {
                            r.Setting.Key,
                            r.Setting.Label,
                            r.Setting.Help,
                            r.CourtId,
                            value = JsonNode.Parse(r.Setting.Write(r.Value)),
                            normal = JsonNode.Parse(r.Setting.Write(r.Setting.DefaultValue)),
                            source = r.Source.ToString(),
                            r.Seen,
                            history = r.History.Select(v => new
                            {
                                v.Id,
                                v.Version,
                                v.State,
                                v.Inherits,
                                value = JsonNode.Parse(v.Body),
                                v.EffectiveAt,
                                v.AskedByName,
                                v.AskedAt,
                                v.DecidedByName,
                                v.Reason,
                            }),
                        }
                    );
                }
            )
            .Permit(SettingRights.Read)
            .WithTags("settings")
            .WithSummary("One rule with its versions");

        api.MapPost(
                "/settings/{key}",
                async (string key, SettingBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = id => Saved(key, (long)id);
                    return Saved(
                        key,
                        await mediator.Send(
                            new SaveSetting
                            {
                                Key = key,
                                CourtId = body.CourtId,
                                Values = Texts(body.Values),
                                Table = body.Table,
                                Inherit = body.Inherit,
                                BackTo = body.BackTo,
                                From = body.From,
                                Reason = body.Reason ?? "",
                                Seen = body.Seen,
                            }
                        )
                    );
                }
            )
            .Permit(SettingRights.Change)
            .WithTags("settings")
            .WithSummary("A new version of a rule; values as text by field, or the rows of a table")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapPost(
                "/settings/versions/{versionId:long}/decide",
                async (long versionId, DecideSettingBody body, IMediator mediator) =>
                {
                    await mediator.Send(
                        new DecideSetting
                        {
                            Id = versionId,
                            Confirm = body.Confirm,
                            Words = body.Words ?? "",
                        }
                    );
                    return Results.NoContent();
                }
            )
            .Permit(SettingRights.Confirm)
            .WithTags("settings")
            .WithSummary("The second person confirms or refuses");

        api.MapPost(
                "/settings/versions/{versionId:long}/withdraw",
                async (long versionId, IMediator mediator) =>
                {
                    await mediator.Send(new WithdrawSetting { Id = versionId });
                    return Results.NoContent();
                }
            )
            .Permit(SettingRights.Change)
            .WithTags("settings")
            .WithSummary("Takes back a version that waits");

        api.MapPost(
                "/settings/{key}/dry-runs",
                async (string key, TryBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = id => Begun((long)id);
                    return Begun(
                        await mediator.Send(
                            new TrySetting
                            {
                                Key = key,
                                Decision = body.Decision,
                                CourtId = body.CourtId,
                                Values = Texts(body.Values),
                                Table = body.Table,
                                Days = body.Days,
                            }
                        )
                    );
                }
            )
            .Permit(SettingRights.Change)
            .WithTags("settings")
            .WithSummary("Puts a draft to the decisions of the last days")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapGet(
                "/settings/dry-runs/{runId:long}",
                async (long runId, long? court, int? after, IMediator mediator) =>
                {
                    var r = await mediator.Send(
                        new ShowDryRun
                        {
                            Id = runId,
                            CourtId = court,
                            After = after ?? 0,
                        }
                    );
                    return Results.Ok(
                        new
                        {
                            r.Run.Id,
                            r.Run.State,
                            r.Run.Total,
                            r.Run.DoneCount,
                            r.Run.ChangedCount,
                            r.Figures,
                            changes = r.Changes.Select(c => new
                            {
                                c.Row.N,
                                c.Row.CourtId,
                                c.Number,
                                c.Before,
                                c.After,
                            }),
                            r.Next,
                        }
                    );
                }
            )
            .Permit(SettingRights.Read)
            .WithTags("settings")
            .WithSummary("A dry run: figures and what changes");

        api.MapGet(
                "/settings/file",
                async (long? court, IMediator mediator, Kernel.Security.Actor actor) =>
                    Results.Text(await mediator.Send(new ExportSettings { CourtId = court ?? actor.CourtId }), "application/json")
            )
            .Permit(SettingRights.Read)
            .WithTags("settings")
            .WithSummary("The rules of a court as a file");
    }

    // numbers and truths as JSON has them, or as text
    private static Dictionary<string, string>? Texts(IReadOnlyDictionary<string, JsonElement>? values) => values?.ToDictionary(v => v.Key, v => Text(v.Value));

    private static string Text(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.True => "yes",
            JsonValueKind.False => "no",
            JsonValueKind.Array => string.Join(' ', value.EnumerateArray().Select(Text)),
            JsonValueKind.Null => "",
            _ => value.GetRawText(),
        };

    private static Reply Saved(string key, long id) => Reply.Created($"/api/v1/settings/{key}", new { id });

    private static Reply Begun(long id) => Reply.Created($"/api/v1/settings/dry-runs/{id}", new { id });

    internal sealed record SettingBody(
        long CourtId,
        IReadOnlyDictionary<string, JsonElement>? Values,
        TableBody? Table,
        bool Inherit,
        int? BackTo,
        DateOnly? From,
        string? Reason,
        int Seen
    );

    internal sealed record DecideSettingBody(bool Confirm, string? Words);

    internal sealed record TryBody(long CourtId, string? Decision, IReadOnlyDictionary<string, JsonElement>? Values, TableBody? Table, int Days = 90);
}
