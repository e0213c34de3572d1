namespace CourtOps.Cataloguing.Reading;

/// <summary>Grey levels of a page, 0 black to 255 white, row by row. Pure.</summary>
internal sealed class Picture(int width, int height, byte[] levels)
{
    public int Width { get; } = width;

    public int Height { get; } = height;

    public byte[] Levels { get; } = levels;

    /// <summary>A part of it in another size: the mean of what falls into a pixel when it shrinks, the nearest mixture when it grows.</summary>
    public float[] Resize(Box from, int toWidth, int toHeight)
    {
        var scaleX = (float)from.Width / toWidth;
        var scaleY = (float)from.Height / toHeight;
        return scaleX <= 1 && scaleY <= 1 ? Grow(from, toWidth, toHeight, scaleX, scaleY) : Shrink(from, toWidth, toHeight, scaleX, scaleY);
    }

    /// <summary>The whole page, each side a quarter as long.</summary>
    public Picture Quarter()
    {
        var w = Math.Max(1, Width / 4);
        var h = Math.Max(1, Height / 4);
        var values = Resize(new Box(0, 0, Width, Height), w, h);
        return new Picture(w, h, Array.ConvertAll(values, v => (byte)v));
    }

    /// <summary>Turned by half a circle.</summary>
    public Picture Reversed()
    {
        var turned = (byte[])Levels.Clone();
        Array.Reverse(turned);
        return new Picture(Width, Height, turned);
    }

    private float[] Shrink(Box from, int toWidth, int toHeight, float scaleX, float scaleY)
    {
        var result = new float[toWidth * toHeight];
        for (var y = 0; y < toHeight; y++)
        {
            var top = from.Y + (int)(y * scaleY);
            var bottom = Math.Max(top + 1, from.Y + (int)((y + 1) * scaleY));
            for (var x = 0; x < toWidth; x++)
            {
                var left = from.X + (int)(x * scaleX);
                var right = Math.Max(left + 1, from.X + (int)((x + 1) * scaleX));
                var sum = 0;
                for (var yy = top; yy < bottom; yy++)
                {
                    var row = Math.Clamp(yy, 0, Height - 1) * Width;
                    for (var xx = left; xx < right; xx++)
                        sum += Levels[row + Math.Clamp(xx, 0, Width - 1)];
                }
                result[(y * toWidth) + x] = (float)sum / ((bottom - top) * (right - left));
            }
        }
        return result;
    }

    private float[] Grow(Box from, int toWidth, int toHeight, float scaleX, float scaleY)
    {
        var result = new float[toWidth * toHeight];
        for (var y = 0; y < toHeight; y++)
        {
            var fy = Math.Clamp(from.Y + ((y + 0.5f) * scaleY) - 0.5f, 0, Height - 1);
            var y0 = (int)fy;
            var y1 = Math.Min(y0 + 1, Height - 1);
            for (var x = 0; x < toWidth; x++)
            {
                var fx = Math.Clamp(from.X + ((x + 0.5f) * scaleX) - 0.5f, 0, Width - 1);
                var x0 = (int)fx;
                var x1 = Math.Min(x0 + 1, Width - 1);
                var upper = Mix(Levels[(y0 * Width) + x0], Levels[(y0 * Width) + x1], fx - x0);
                var lower = Mix(Levels[(y1 * Width) + x0], Levels[(y1 * Width) + x1], fx - x0);
                result[(y * toWidth) + x] = Mix(upper, lower, fy - y0);
            }
        }
        return result;
    }

    private static float Mix(float a, float b, float share) => a + ((b - a) * share);
}

/// <summary>A rectangle in pixels of the normalised page.</summary>
internal sealed record Box(int X, int Y, int Width, int Height);

/// <summary>A line of text as an engine read it.</summary>
/// <param name="Confidence">Zero to one.</param>
internal sealed record ReadLine(string Text, Box Box, double Confidence);
