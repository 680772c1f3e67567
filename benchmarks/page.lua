-- Requests for wrk: pages of a kind, each with another number.
local path = os.getenv("BENCH_TEMPLATE")
local count = tonumber(os.getenv("BENCH_COUNT"))
local headers = { Accept = "text/html" }

math.randomseed(tonumber(os.getenv("BENCH_SEED")))

function request()
  return wrk.format("GET", (path:gsub("#", math.random(0, count - 1))), headers)
end

dofile("benchmarks/done.lua")
