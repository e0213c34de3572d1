using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Sending;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Testing;
using CourtOps.Workzone.Documents;
using MediatR;

namespace CourtOps.Benchmarks;

/// <summary>Electronic services of many recipients through the queue to a mail gateway on loopback, beside what the gateway itself takes from a client that
/// does nothing but talk to it, over as many lines.</summary>
internal static class ServiceBatches
{
    // as many as the queue of mails has at once in a host
    private const int Lines = 2;

    public static async Task<bool> RunAsync(bool full)
    {
        Measure.Head();
        var count = full ? 5_000 : 500;
        var ok = await BatchAsync(count, TimeSpan.FromMilliseconds(20), wanted: true);
        await BatchAsync(count, TimeSpan.Zero, wanted: false);
        return ok;
    }

    private static async Task<bool> BatchAsync(int count, TimeSpan think, bool wanted)
    {
        await using var gateway = new SmtpServer { Slow = think };
        await using var host = await BenchHost.StartAsync();
        host.App.Configuration["CourtOps:Smtp:Host"] = "127.0.0.1";
        host.App.Configuration["CourtOps:Smtp:Port"] = $"{gateway.Port}";
        await host.SeedAsync(count, 0);
        var ready = Stopwatch.StartNew();
        await ArrangeAsync(host);
        var arranged = ready.Elapsed.TotalSeconds;
        var alone = await AloneAsync(gateway.Port, count);
        var before = gateway.Mails.Count;
        var (watch, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var pump = host.App.Services.GetRequiredService<WorkPump>();
        await RunAsync(pump);
        var (seconds, used) = (watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds);
        var sent = gateway.Mails.Count - before;
        var served = await host.AsSystemAsync(s =>
            s.GetRequiredService<Db>().ScalarAsync<int>("SELECT COUNT(*) FROM service_notice WHERE state = 'served' AND sent_at IS NOT NULL")
        );
        if (sent != count || served != count)
            throw new InvalidOperationException($"{sent} mails left and {served} of {count} notices are served.");
        var ratio = count / seconds / alone;
        return Measure.Row(
            $"{count:N0} electronic services to a gateway that answers a message after {think.TotalMilliseconds:0} ms, against the gateway alone",
            $"{ratio:0.00} ({count / seconds:0}/s, {alone:0}/s; {used / count:0.0} ms CPU each with the gateway; asked for and released "
                + $"{count / arranged:0}/s)",
            wanted ? "≥ 0.5" : "–",
            ratio >= 0.5 || !wanted
        );
    }

    // a document of each case, asked for and released to its defendant
    private static Task<bool> ArrangeAsync(BenchHost host) =>
        host.AsSystemAsync(async s =>
        {
            var db = s.GetRequiredService<Db>();
            var secrets = s.GetRequiredService<Secrets>();
            var blob = await s.GetRequiredService<BlobStore>().WriteAsync(new MemoryStream(Encoding.ASCII.GetBytes("%PDF-1.4\n%%EOF\n")), 1000, default);
            var parties = await db.QueryAsync<Recipient>("SELECT id, case_id FROM workzone_party WHERE role = '被告' ORDER BY id");
            var clerk = await db.ScalarAsync<long>("SELECT id FROM workzone_person WHERE login = 'clerk'");
            var judge = await db.ScalarAsync<long>("SELECT id FROM workzone_person WHERE login = 'judge'");
            foreach (var chunk in parties.Chunk(50))
            {
                await using var scope = host.App.Services.CreateAsyncScope();
                scope.ServiceProvider.GetRequiredService<Actor>().ActAsSystem("bench");
                var own = scope.ServiceProvider.GetRequiredService<Db>();
                await own.BeginAsync();
                foreach (var p in chunk)
                {
                    await own.ExecuteAsync(
                        "UPDATE workzone_party SET e_service = 'provided', email_enc = @mail, email_hint = 'a•••', id_number_tail = '1234' WHERE id = @Id",
                        new { p.Id, mail = secrets.Protect($"p{p.Id}@party.example") }
                    );
                    var document = await scope
                        .ServiceProvider.GetRequiredService<IDocuments>()
                        .AddAsync(
                            new NewDocument
                            {
                                CaseId = p.CaseId,
                                Kind = "complaint",
                                Title = "起诉状副本",
                                Blob = blob,
                                Pages = 1,
                                Source = "bench",
                            }
                        );
                    var order = await scope
                        .ServiceProvider.GetRequiredService<ServiceRequests>()
                        .OpenAsync(
                            new RequestService
                            {
                                CaseId = p.CaseId,
                                DocumentIds = [document.Id],
                                PartyIds = [p.Id],
                                AskedBy = judge,
                            },
                            default
                        );
                    await own.ExecuteAsync(
                        "UPDATE workzone_order SET state = 'accepted', assignee_id = @clerk, assignee_name = '钱演示' WHERE id = @OrderId",
                        new { order.OrderId, clerk }
                    );
                    await own.ExecuteAsync("UPDATE service_notice SET state = 'ready' WHERE order_id = @OrderId", new { order.OrderId });
                    foreach (var notice in await own.QueryAsync<long>("SELECT id FROM service_notice WHERE order_id = @OrderId", new { order.OrderId }))
                    {
                        var (n, o) = await scope.ServiceProvider.GetRequiredService<Notices>().OpenAsync(notice, null, default);
                        await scope.ServiceProvider.GetRequiredService<Sender>().SendAsync(n, o, null, "bench", default);
                    }
                }
                await own.CommitAsync();
            }
            return true;
        });

    // as the host does: one looks, several act
    private static async Task RunAsync(WorkPump pump)
    {
        var acting = new List<Task>();
        while (true)
        {
            acting.RemoveAll(t => t.IsCompleted);
            if (await pump.ClaimAsync(default) is { } item)
                acting.Add(Task.Run(() => pump.DoAsync(item, default)));
            else if (acting.Count > 0)
                await Task.WhenAny(acting);
            else
                return;
        }
    }

    private static async Task<double> AloneAsync(int port, int count)
    {
        var body = new string('x', 2_000);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(
            Enumerable
                .Range(0, Lines)
                .Select(line =>
                    Task.Run(async () =>
                    {
                        for (var i = line; i < count; i += Lines)
                            await TalkAsync(port, i, body);
                    })
                )
        );
        return count / watch.Elapsed.TotalSeconds;
    }

    private static async Task TalkAsync(int port, int n, string body)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await using var writer = new StreamWriter(stream, Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
        await ExpectAsync("220");
        await writer.WriteLineAsync("EHLO bench");
        string? line;
        while ((line = await reader.ReadLineAsync())?.StartsWith("250-", StringComparison.Ordinal) == true)
        {
            // the last line of the greeting has a space
        }
        foreach (
            var (words, answer) in new[]
            {
                ("MAIL FROM:<bench@court.example>", "250"),
                ($"RCPT TO:<p{n}@party.example>", "250"),
                ("DATA", "354"),
                ($"Subject: bench\r\n\r\n{body}\r\n.", "250"),
                ("QUIT", "221"),
            }
        )
        {
            await writer.WriteLineAsync(words);
            await ExpectAsync(answer);
        }

        async Task ExpectAsync(string code)
        {
            if ((await reader.ReadLineAsync())?.StartsWith(code, StringComparison.Ordinal) != true)
                throw new InvalidOperationException($"The gateway did not say {code}.");
        }
    }

    private sealed record Recipient
    {
        public long Id { get; init; }
        public long CaseId { get; init; }
    }
}
