using System.Globalization;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using Microsoft.AspNetCore.Http;

namespace CourtOps.Workzone.Settings;

/// <summary>A row of the editor: texts as people write them.</summary>
/// <param name="Ops">Operator by fact.</param>
/// <param name="Values">Values by fact, with 、 between.</param>
/// <param name="Then">Outcome by column.</param>
internal sealed record TypedRow(
    IReadOnlyDictionary<string, string> Ops,
    IReadOnlyDictionary<string, string> Values,
    IReadOnlyDictionary<string, string> Then,
    string Note
);

/// <summary>The rows of a table between a form and the table: labels for choices, yuan for cents.</summary>
internal static class TableForm
{
    private static readonly char[] Between = ['、', ',', '，', ';', '；'];

    public static IReadOnlyList<TypedRow> Write(TableDefinition table, TableBody body, Texts t) =>
        [
            .. body.Rows.Select(r => new TypedRow(
                table.FactSet.All.ToDictionary(f => f.Name, f => r.When.GetValueOrDefault(f.Name)?.Op ?? Ops.Any),
                table.FactSet.All.ToDictionary(
                    f => f.Name,
                    f => string.Join("、", r.When.GetValueOrDefault(f.Name)?.Values.Select(v => t[TableDecision.Shown(f, v)]) ?? [])
                ),
                table.OutcomeSet.All.ToDictionary(c => c.Name, c => ValueForm.Written(c, r.Then.GetValueOrDefault(c.Name, ""))),
                r.Note
            )),
        ];

    /// <summary>What is no value stays as it was typed, so that the check names it.</summary>
    public static TableBody Read(TableDefinition table, IReadOnlyList<TypedRow> rows, Texts t) =>
        new()
        {
            Rows =
            [
                .. rows.Select(r => new TableRow
                {
                    When = table
                        .FactSet.All.Where(f => r.Ops.GetValueOrDefault(f.Name, Ops.Any) != Ops.Any)
                        .ToDictionary(
                            f => f.Name,
                            f => new Condition(
                                r.Ops[f.Name],
                                [
                                    .. r
                                        .Values.GetValueOrDefault(f.Name, "")
                                        .Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                                        .Select(v => ValueForm.Code(f, v, t)),
                                ]
                            )
                        ),
                    Then = table.OutcomeSet.All.ToDictionary(c => c.Name, c => ValueForm.Code(c, r.Then.GetValueOrDefault(c.Name, ""), t)),
                    Note = r.Note.Trim(),
                }),
            ],
        };

    public static IReadOnlyList<TypedRow> Posted(TableDefinition table, IFormCollection form)
    {
        var rows = new List<TypedRow>();
        for (var i = 0; i < TableBody.MostRows && form.ContainsKey(FormattableString.Invariant($"r{i}.note")); i++)
        {
            var at = FormattableString.Invariant($"r{i}.");
            rows.Add(
                new TypedRow(
                    table.FactSet.All.ToDictionary(f => f.Name, f => form[at + "op." + f.Name].ToString()),
                    table.FactSet.All.ToDictionary(f => f.Name, f => form[at + "v." + f.Name].ToString()),
                    table.OutcomeSet.All.ToDictionary(c => c.Name, c => form[at + "then." + c.Name].ToString()),
                    form[at + "note"].ToString()
                )
            );
        }
        return rows;
    }

    /// <summary>The rows after a button of the editor ("up:2", "copy:0", "add"); null for every other button.</summary>
    public static IReadOnlyList<TypedRow>? Change(IReadOnlyList<TypedRow> rows, string? act)
    {
        var parts = (act ?? "").Split(':');
        var all = rows.ToList();
        if (parts[0] == "add")
        {
            all.Add(new TypedRow(new Dictionary<string, string>(), new Dictionary<string, string>(), new Dictionary<string, string>(), ""));
            return all;
        }
        if (parts.Length != 2 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var at) || at >= all.Count)
            return null;
        switch (parts[0])
        {
            case "up" when at > 0:
                (all[at - 1], all[at]) = (all[at], all[at - 1]);
                break;
            case "down" when at + 1 < all.Count:
                (all[at + 1], all[at]) = (all[at], all[at + 1]);
                break;
            case "copy":
                all.Insert(at + 1, all[at]);
                break;
            case "drop":
                all.RemoveAt(at);
                break;
        }
        return all;
    }
}

/// <summary>Values of fields between a form and what is stored: yuan for cents, labels or codes for choices.</summary>
internal static class ValueForm
{
    public static Dictionary<string, string> Write(SettingDefinition setting, object value) =>
        setting.Fields.All.ToDictionary(f => f.Name, f => Written(f, setting.Fields.Text(value, f.Name)));

    public static Dictionary<string, string> Read(SettingDefinition setting, IReadOnlyDictionary<string, string> typed, Texts t) =>
        setting.Fields.All.Where(f => typed.ContainsKey(f.Name)).ToDictionary(f => f.Name, f => Code(f, typed[f.Name], t));

    public static string Written(Field field, string stored) =>
        field.Kind == FieldKind.Money && long.TryParse(stored, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var cents)
            ? FieldText.Yuan(cents)
            : stored;

    /// <summary>The codes of a list of choices, by code or label, whatever stands between them.</summary>
    public static IReadOnlyList<string> Codes(Field field, string typed) =>
        [
            .. typed
                .Split([' ', ',', '、', '，'], StringSplitOptions.RemoveEmptyEntries)
                .Select(p => field.Choices!.ContainsKey(p) ? p : field.Choices.FirstOrDefault(c => c.Value == p).Key ?? p)
                .Distinct(),
        ];

    /// <summary>What is stored for a text that a person wrote; the text itself where it is none.</summary>
    public static string Code(Field field, string typed, Texts t) =>
        field.Kind switch
        {
            FieldKind.Money => FieldText.Cents(typed) ?? typed,
            FieldKind.Choice => field.Choices!.ContainsKey(typed)
                ? typed
                : field.Choices.FirstOrDefault(c => c.Value == typed || t[c.Value] == typed).Key ?? typed,
            FieldKind.Choices => string.Join(' ', Codes(field, typed)),
            FieldKind.Bool => typed == "是" || typed == t["是"] ? "yes"
            : typed == "否" || typed == t["否"] ? "no"
            : typed,
            _ => typed.Trim(),
        };
}
