-- Requests for wrk: lookups of visits, all distinct unless BENCH_FIXED is set, and a share of
-- aggregates. A variable's name is numbered, so that no text of a query comes twice.
local path = os.getenv("BENCH_PATH")
local visits = tonumber(os.getenv("BENCH_VISITS"))
local heavy = tonumber(os.getenv("BENCH_HEAVY") or "0")
local fixed = os.getenv("BENCH_FIXED") == "1"
local serial = 0
local headers = { Accept = "application/sparql-results+json" }

math.randomseed(tonumber(os.getenv("BENCH_SEED")))

local function encode(text)
  return (text:gsub("[^%w]", function(c) return string.format("%%%02X", c:byte()) end))
end

local function lookup(visit, number)
  return string.format(
    "SELECT ?p ?o%d WHERE { <http://localhost:8000/id/visit/v%d> ?p ?o%d }", number, visit, number)
end

local function aggregate(number)
  return string.format(
    "SELECT ?place (COUNT(?visit) AS ?n%d) WHERE "
    .. "{ ?visit <https://w3id.org/chancery/ns#place> ?place } GROUP BY ?place", number)
end

local seed = tonumber(os.getenv("BENCH_SEED")) * 10000000

function request()
  serial = serial + 1
  local query
  if fixed then query = lookup(7, 7)
  elseif math.random() < heavy then query = aggregate(seed + serial)
  else query = lookup(math.random(0, visits - 1), seed + serial) end
  return wrk.format("GET", path .. "?query=" .. encode(query), headers)
end

dofile("benchmarks/done.lua")
