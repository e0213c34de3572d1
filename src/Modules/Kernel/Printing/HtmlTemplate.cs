using System.Reflection;
using HandlebarsDotNet;
using HandlebarsDotNet.Compiler.Resolvers;

namespace CourtOps.Kernel.Printing;

/// <summary>
/// A printed form: an HTML file with Mustache places, {{name}} and {{#each list}}…{{/each}}; {{caseNumber}} is the property CaseNumber. Every value is
/// escaped for
/// HTML; three braces are refused. A place that the model does not fill ends in an exception: an empty field on a legal
/// form must be a decision, not a typing error.
/// </summary>
public sealed class HtmlTemplate
{
    private readonly HandlebarsTemplate<object, object> render;

    public HtmlTemplate(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Contains("{{{", StringComparison.Ordinal) || text.Contains("{{&", StringComparison.Ordinal))
            throw new ArgumentException("A template may not put unescaped values into a page.", nameof(text));
        var handlebars = Handlebars.Create(
            new HandlebarsConfiguration
            {
                ThrowOnUnresolvedBindingExpression = true,
                NoEscape = false,
                TextEncoder = new Escaping(),
                ExpressionNameResolver = new UpperCamelCaseExpressionNameResolver(),
            }
        );
        render = handlebars.Compile(text);
    }

    /// <summary>Reads an embedded file by the end of its name, for instance Templates.proof-of-service.html.</summary>
    public static HtmlTemplate FromResource(Assembly assembly, string name)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        var full =
            assembly.GetManifestResourceNames().SingleOrDefault(n => n.EndsWith("." + name, StringComparison.Ordinal))
            ?? throw new ArgumentException($"{assembly.GetName().Name} has no template {name}.", nameof(name));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(full)!);
        return new HtmlTemplate(reader.ReadToEnd());
    }

    public string Render(object model) => render(model);

    /// <summary>Escapes what HTML needs and nothing else: rare characters stay the characters they are.</summary>
    private sealed class Escaping : ITextEncoder
    {
        public void Encode(System.Text.StringBuilder? text, TextWriter target) => Encode(text?.ToString(), target);

        public void Encode<T>(T? text, TextWriter target)
            where T : IEnumerator<char>
        {
            while (text is not null && text.MoveNext())
                Write(text.Current, target);
        }

        public void Encode(string? text, TextWriter target)
        {
            foreach (var c in text ?? "")
                Write(c, target);
        }

        private static void Write(char c, TextWriter target)
        {
            switch (c)
            {
                case '&':
                    target.Write("&amp;");
                    break;
                case '<':
                    target.Write("&lt;");
                    break;
                case '>':
                    target.Write("&gt;");
                    break;
                case '"':
                    target.Write("&quot;");
                    break;
                case '\'':
                    target.Write("&#39;");
                    break;
                default:
                    target.Write(c);
                    break;
            }
        }
    }
}
