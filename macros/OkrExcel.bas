Attribute VB_Name = "OkrExcel"
Option Explicit

' RunPython comes with the xlwings add-in. Called by its name, so that this project compiles without the add-in.
' It waits for Python on Windows and then gives -1 where Python did not run; on macOS it does not wait.
Public Sub RunInExcel(ByVal command As String)
    Dim outcome As Variant
    If InterpreterIsGone() Then
        Tell "interpreter_gone"
        Exit Sub
    End If
    On Error GoTo Failed
    outcome = Application.Run("RunPython", command)
    On Error GoTo 0
    If outcome = -1 Then Tell "python_failed"
    Exit Sub
Failed:
    If Err.Number = 1004 Then
        Tell "no_addin"
    Else
        TellWith "unexpected", Err.Description
    End If
End Sub

' The add-in says in English that it did not find the Python of its settings, and gives no sign of it.
' Looked at are the settings that "okr setup" writes; where others count, or they cannot be read, the add-in has its say.
Private Function InterpreterIsGone() As Boolean
    Dim settings As String, setting As String, mark As String, interpreter As String
    If InStr(Application.OperatingSystem, "Windows") = 0 Then Exit Function
    On Error GoTo Unknown
    settings = Environ("USERPROFILE") & "\.xlwings\xlwings.conf"
    If Dir(settings) = "" Or Dir(ThisWorkbook.Path & "\xlwings.conf") <> "" Then Exit Function
    mark = """INTERPRETER_WIN"","""
    Open settings For Input As #1
    Do Until EOF(1)
        Line Input #1, setting
        If Left(setting, Len(mark)) = mark Then interpreter = Replace(Mid(setting, Len(mark) + 1), """", "")
    Loop
    Close #1
    If InStr(interpreter, "\") > 0 And InStr(interpreter, "%") = 0 Then InterpreterIsGone = (Dir(interpreter) = "")
    Exit Function
Unknown:
    Close #1
End Function
