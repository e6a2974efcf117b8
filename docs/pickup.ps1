# Drops the lists of a folder and picks up the answers, by SFTP (the OpenSSH client of Windows). Run it as a task.
# Usage: pickup.ps1 USER@HOST PORT KEYFILE FOLDER_WITH_LISTS FOLDER_FOR_ANSWERS
param([string]$Account, [int]$Port, [string]$Key, [string]$Lists, [string]$Answers)
$ErrorActionPreference = 'Stop'
function Transfer([string[]]$Commands) {
    $Commands -join "`n" | & sftp -q -b - -i $Key -P $Port $Account
    if ($LASTEXITCODE -ne 0) { throw "sftp ended with $LASTEXITCODE" }
}
$incoming = Join-Path $Answers 'incoming'
New-Item -ItemType Directory -Force (Join-Path $Lists 'sent'), $incoming | Out-Null

Get-ChildItem $Lists -File | Where-Object Extension -In '.csv', '.xlsx' | ForEach-Object {
    Transfer "put `"$($_.FullName -replace '\\', '/')`" inbox/"
    Move-Item $_.FullName (Join-Path $Lists 'sent') -Force     # only after the server has confirmed it
}
foreach ($folder in 'acknowledgements', 'corrections', 'reports', 'settlements') {
    Transfer "-get -p outbox/$folder/* `"$($incoming -replace '\\', '/')`""
    Get-ChildItem $incoming -File | ForEach-Object {
        Transfer "rm `"outbox/$folder/$($_.Name)`""            # a deletion says: picked up
        Move-Item $_.FullName $Answers -Force
    }
}
