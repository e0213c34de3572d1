using System.Reflection;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;

namespace CourtOps.Host.Web;

/// <summary>An empty field of a text that is never null stays an empty text; by itself the framework would make it null.</summary>
internal sealed class BlankTexts : IDisplayMetadataProvider
{
    public void CreateDisplayMetadata(DisplayMetadataProviderContext context)
    {
        if (
            context.Key is { ModelType: var type, PropertyInfo: { } property }
            && type == typeof(string)
            && new NullabilityInfoContext().Create(property).WriteState == NullabilityState.NotNull
        )
            context.DisplayMetadata.ConvertEmptyStringToNull = false;
    }
}
