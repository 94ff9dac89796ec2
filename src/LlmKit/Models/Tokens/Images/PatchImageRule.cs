namespace LlmKit.Models;

/// <summary>So much for each patch of an image that was scaled to be covered by few enough.</summary>
internal sealed class PatchImageRule(int patchPixels, int mostPatches, int longestSide, double tokensPerPatch) : ImageTokenRule
{
    public override long Most => (long)Math.Ceiling(mostPatches * tokensPerPatch);

    private protected override long Count(double width, double height, bool isLowDetail)
    {
        var scale = Math.Min(1, longestSide / Math.Max(width, height));
        (width, height) = (width * scale, height * scale);
        var patches = Patches(width) * Patches(height);
        if (patches > mostPatches)
        {
            scale = Math.Sqrt((double)patchPixels * patchPixels * mostPatches / (width * height));
            // Whole patches on both sides, so that what is cut off at the edges does not need another row.
            var (across, down) = (width * scale / patchPixels, height * scale / patchPixels);
            scale *= Math.Min(Whole(across), Whole(down));
            patches = Math.Min(mostPatches, Patches(width * scale) * Patches(height * scale));
        }

        return (long)Math.Ceiling(patches * tokensPerPatch);
    }

    private static double Whole(double patches) => patches < 1 ? 1 : Math.Floor(patches) / patches;

    private double Patches(double pixels) => Math.Max(1, Math.Ceiling(pixels / patchPixels - 1e-9));
}
