using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace CourtOps.Workzone.Settings;

/// <summary>
/// A decision table as a workbook: a heading of two cells for each fact (operator and values), one for each column of the outcome, a note. What is written here
/// is read again, in either language.
/// </summary>
internal static class TableWorkbook
{
    public static byte[] Write(TableDefinition table, TableBody body, Texts t)
    {
        using var memory = new MemoryStream();
        using (var document = SpreadsheetDocument.Create(memory, SpreadsheetDocumentType.Workbook))
        {
            var book = document.AddWorkbookPart();
            var sheet = book.AddNewPart<WorksheetPart>();
            var data = new SheetData(Row(Headings(table, t)));
            foreach (var row in TableForm.Write(table, body, t))
                data.Append(
                    Row([
                        .. table.FactSet.All.SelectMany(f => new[] { t[Ops.Labels[row.Ops[f.Name]]], row.Values[f.Name] }),
                        .. table.OutcomeSet.All.Select(c => t[c.Choices?.GetValueOrDefault(row.Then[c.Name]) ?? row.Then[c.Name]]),
                        row.Note,
                    ])
                );
            sheet.Worksheet = new Worksheet(data);
            book.Workbook = new Workbook(
                new Sheets(
                    new Sheet
                    {
                        Name = "table",
                        SheetId = 1,
                        Id = book.GetIdOfPart(sheet),
                    }
                )
            );
        }
        return memory.ToArray();
    }

    /// <exception cref="RuleBroken">No workbook, or not of this table; the cell is named.</exception>
    public static IReadOnlyList<TypedRow> Read(TableDefinition table, byte[] file, Texts t)
    {
        var cells = Cells(file);
        if (cells.Count == 0 || cells[0].Count < Headings(table, t).Count - 1)
            throw new RuleBroken("工作簿的列与决策表不符，请先导出再修改。", "File");
        var rows = new List<TypedRow>();
        foreach (var line in cells.Skip(1).Where(c => c.Exists(x => x.Length > 0)))
        {
            var at = 0;
            var (ops, values, then) = (new Dictionary<string, string>(), new Dictionary<string, string>(), new Dictionary<string, string>());
            foreach (var fact in table.FactSet.All)
            {
                var word = Next();
                ops[fact.Name] =
                    word.Length == 0
                        ? Ops.Any
                        : Ops.Labels.FirstOrDefault(o => o.Key == word || o.Value == word || t[o.Value] == word).Key
                            ?? throw new RuleBroken($"第 {rows.Count + 2} 行“{fact.Label}”的条件“{word}”不认识。", "File");
                values[fact.Name] = Next();
            }
            foreach (var column in table.OutcomeSet.All)
                then[column.Name] = ValueForm.Code(column, Next(), t) is var code && column.Kind == FieldKind.Money ? ValueForm.Written(column, code) : code;
            rows.Add(new TypedRow(ops, values, then, Next()));

            string Next() => at < line.Count ? line[at++] : "";
        }
        return rows;
    }

    private static List<string> Headings(TableDefinition table, Texts t) =>
        [.. table.FactSet.All.SelectMany(f => new[] { t[f.Label], t["值"] }), .. table.OutcomeSet.All.Select(c => "→ " + t[c.Label]), t["说明"]];

    private static Row Row(IReadOnlyList<string> cells) =>
        new(
            cells.Select(c => new Cell
            {
                DataType = CellValues.InlineString,
                InlineString = new InlineString(new Text(Queues.OrderWorkbook.Safe(c)) { Space = SpaceProcessingModeValues.Preserve }),
            })
        );

    private static List<List<string>> Cells(byte[] file)
    {
        try
        {
            using var document = SpreadsheetDocument.Open(new MemoryStream(file), isEditable: false);
            var book = document.WorkbookPart!;
            var shared = book.SharedStringTablePart?.SharedStringTable.Elements<SharedStringItem>().Select(i => i.InnerText).ToList() ?? [];
            return [.. book.WorksheetParts.First().Worksheet.Descendants<Row>().Take(TableBody.MostRows + 2).Select(r => Line(r, shared))];
        }
        catch (Exception e)
            when (e is OpenXmlPackageException or FileFormatException or InvalidDataException or InvalidOperationException or NullReferenceException)
        {
            throw new RuleBroken("这不是可读的工作簿（XLSX）。", "File");
        }
    }

    // cells that are empty are left out of a file: their place is in their name
    private static List<string> Line(Row row, List<string> shared)
    {
        var line = new List<string>();
        foreach (var cell in row.Elements<Cell>())
        {
            var column = cell.CellReference?.Value is { } name ? name.TakeWhile(char.IsLetter).Aggregate(0, (n, c) => (n * 26) + c - 'A' + 1) - 1 : line.Count;
            while (line.Count < Math.Min(column, 200))
                line.Add("");
            var text =
                cell.DataType?.Value == CellValues.SharedString && int.TryParse(cell.CellValue?.Text, out var at) && at < shared.Count
                    ? shared[at]
                    : cell.InnerText;
            line.Add(text.StartsWith('\'') ? text[1..].Trim() : text.Trim());
        }
        return line;
    }
}
