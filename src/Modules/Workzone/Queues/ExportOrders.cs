using System.Globalization;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Web;
using CourtOps.Workzone.WorkOrders;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace CourtOps.Workzone.Queues;

/// <summary>The rows of a queue for a workbook, and the record that they were taken out: who, by which conditions, how many.</summary>
[Permit("workzone.orders.export")]
[Audited("workzone.order.export")]
internal sealed record ExportOrders : ICommand<ExportOrders.Result>
{
    /// <summary>More than this is cut off, and said so in the workbook.</summary>
    public const int Most = 10_000;

    public QueueFilter Filter { get; init; } = new();

    internal sealed record Result(IReadOnlyList<ListOrders.Row> Rows, bool Cut);

    internal sealed class Handler(QueueReader reader, AuditTrail audit, Kernel.Access.AccessLog reads) : ICommandHandler<ExportOrders, Result>
    {
        public async Task<Result> Handle(ExportOrders request, CancellationToken cancellationToken)
        {
            var plan = await reader.PlanAsync(request.Filter, cancellationToken);
            var rows = new List<ListOrders.Row>();
            string? after = null;
            do
            {
                var (page, next) = await reader.PageAsync(plan, after, 500, cancellationToken);
                rows.AddRange(page);
                after = next;
            } while (after is not null && rows.Count < Most);
            reads.List("workzone.order.export", rows.Count, new { filter = QueueUrl.Logged(request.Filter) });
            audit.Note(
                "queue",
                request.Filter.View,
                new
                {
                    filter = QueueUrl.Logged(request.Filter),
                    rows = rows.Count,
                    cut = after is not null,
                }
            );
            return new Result(rows, after is not null);
        }
    }
}

/// <summary>A queue as a workbook, written cell by cell. Every cell is text: what begins like a formula is none.</summary>
internal static class OrderWorkbook
{
    public static void Write(Stream target, ExportOrders.Result data, IReadOnlyList<QueueColumn> columns, Texts t, OrderTypes types, DateTimeOffset now)
    {
        using var document = SpreadsheetDocument.Create(target, SpreadsheetDocumentType.Workbook);
        var book = document.AddWorkbookPart();
        var sheet = book.AddNewPart<WorksheetPart>();
        using (var writer = OpenXmlWriter.Create(sheet))
        {
            writer.WriteStartElement(new Worksheet());
            writer.WriteStartElement(new SheetData());
            Row(writer, [t["编号"], .. columns.Select(c => t[c.Label])]);
            foreach (var o in data.Rows)
                Row(writer, [o.Number, .. columns.Select(c => Value(c.Key, o, t, types))]);
            if (data.Cut)
                Row(writer, [t["只导出了前 {0} 行；请缩小条件后再导出其余。", ExportOrders.Most]]);
            Row(writer, [t["导出时间 {0}", Times.Full(now)]]);
            writer.WriteEndElement();
            writer.WriteEndElement();
        }
        using var main = OpenXmlWriter.Create(book);
        main.WriteStartElement(new Workbook());
        main.WriteStartElement(new Sheets());
        main.WriteElement(
            new Sheet
            {
                Name = t["工单"],
                SheetId = 1,
                Id = book.GetIdOfPart(sheet),
            }
        );
        main.WriteEndElement();
        main.WriteEndElement();
    }

    /// <summary>The cell of a column, as words; times as the court reads them.</summary>
    internal static string Value(string column, ListOrders.Row o, Texts t, OrderTypes types) =>
        column switch
        {
            "due" => o.DueAt is { } due ? Times.Full(due) : "",
            "order" => o.Title,
            "type" => types.Find(o.OrderType) is { } type ? t[type.Label] : o.OrderType,
            "centre" => t[Centres.Labels.GetValueOrDefault(o.Centre, o.Centre)],
            "case" => $"{o.CaseNumber} {o.Cause}".Trim(),
            "subject" => o.Subject,
            "asker" => o.AskedByName,
            "asked" => Times.Full(o.AskedAt),
            "assignee" => o.AssigneeName ?? t["未派"],
            "state" => t[OrderUi.StateLabel(o.State)],
            "last" => o.LastWords.Length == 0 ? t["step." + o.LastStep] : t["step." + o.LastStep] + t["："] + o.LastWords,
            "changed" => Times.Full(o.ChangedAt),
            "closed" => o.ClosedAt is { } closed ? Times.Full(closed) : "",
            _ => "",
        };

    /// <summary>Characters a workbook cannot hold are left out; what a spreadsheet would take for a formula gets a mark before it.</summary>
    internal static string Safe(string text)
    {
        var clean = string.Concat(
            text.EnumerateRunes().Where(r => System.Xml.XmlConvert.IsXmlChar((char)Math.Min(r.Value, 0xFFFD)) && r.Value is not (0xFFFE or 0xFFFF))
        );
        return SpreadsheetText.Plain(clean);
    }

    private static void Row(OpenXmlWriter writer, IReadOnlyList<string> cells)
    {
        writer.WriteStartElement(new Row());
        foreach (var cell in cells)
            writer.WriteElement(
                new Cell
                {
                    DataType = CellValues.InlineString,
                    InlineString = new InlineString(new Text(Safe(cell)) { Space = SpaceProcessingModeValues.Preserve }),
                }
            );
        writer.WriteEndElement();
    }
}
