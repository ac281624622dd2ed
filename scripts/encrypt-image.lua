-- Copy your newest golden image, every snapshot encrypted under your own key.
local golden = image { name = "golden-*", owner = "self", newest = true }

return golden:copy { name = golden.name .. "-encrypted", key = "alias/golden" }
