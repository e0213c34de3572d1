global using NUnit.Framework;
global using CourtOps.Testing;
